using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Apply;

/// <summary>An applied document must fit the types before it can be merged; the real server answers 500 when it does not.</summary>
internal static class TypedDocument
{
    public static void Check(JsonObject applied, ResourceType type)
    {
        var errors = new List<string>();
        Check(applied, type.Schema, "", errors, isRoot: true);
        if (errors.Count == 0)
            return;
        var text = errors.Count == 1 ? errors[0] : "errors:\n" + string.Join('\n', errors.Select(error => "  " + error));
        throw new StatusException(
            500,
            null,
            $"failed to create typed patch object ({applied.Namespace()}/{applied.Name()}; {(type.Group.Length == 0 ? "/" : "")}{type.ApiVersion}, Kind={type.Kind}): {text}"
        );
    }

    private static void Check(JsonNode? node, Schema schema, string path, List<string> errors, bool isRoot = false)
    {
        if (node is null || ReferenceEquals(schema, Schema.Anything))
            return;
        if (Mismatch(node, schema) is { } mismatch)
        {
            errors.Add($"{path}: {mismatch}");
            return;
        }
        if (node is JsonObject o)
            CheckFields(o, schema, path, errors, isRoot);
        else if (node is JsonArray list && schema.Items is { } items)
            CheckItems(list, schema, items, path, errors);
    }

    private static void CheckFields(JsonObject node, Schema schema, string path, List<string> errors, bool isRoot)
    {
        foreach (var (name, value) in node)
        {
            if (isRoot && name is "apiVersion" or "kind")
                continue;
            if (schema.Of(name) is { } inner)
                Check(value, inner, $"{path}.{name}", errors);
            else if (!schema.EmbeddedResource)
                errors.Add($"{path}.{name}: field not declared in schema");
        }
    }

    private static void CheckItems(JsonArray list, Schema schema, Schema items, string path, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < list.Count; index++)
        {
            var item = list[index];
            if (schema.ListType == "set" && !seen.Add(item.ToText()))
                errors.Add($"{path}: duplicate entries for key [={item.ToText()}]");
            if (schema.ListType == "map")
                CheckKeys(item, index, schema, items, path, seen, errors);
            Check(item, items, $"{path}[{index}]", errors);
        }
    }

    private static void CheckKeys(
        JsonNode? item,
        int index,
        Schema schema,
        Schema items,
        string path,
        HashSet<string> seen,
        List<string> errors
    )
    {
        var keys = schema.ListMapKeys;
        if (keys.All(key => item.Child(key) is null && items.Of(key)?.Default is null))
        {
            var names = string.Join(' ', keys.Select(key => $"\"{key}\""));
            errors.Add(
                $"{path}: element {index}: associative list with keys has an element that omits all key fields [{names}] (and doesn't have default values for any key fields)"
            );
            return;
        }
        var key = string.Join(
            ',',
            keys.Select(name => (Name: name, Value: item.Child(name) ?? items.Of(name)?.Default))
                .Where(pair => pair.Value is not null)
                .Select(pair => $"{pair.Name}={FieldError.Quote(pair.Value)}")
        );
        if (!seen.Add(key))
            errors.Add($"{path}: duplicate entries for key [{key}]");
    }

    private static string? Mismatch(JsonNode node, Schema schema) =>
        (schema.IntOrString ? null : schema.Type, node) switch
        {
            ("string", JsonValue value) when value.GetValueKind() != JsonValueKind.String =>
                $"expected string, got &value.valueUnstructured{{Value:{value.ToText()}}}",
            ("integer" or "number", JsonValue value) when value.GetValueKind() != JsonValueKind.Number =>
                $"expected numeric (int or float), got {GoName(value)}",
            ("boolean", JsonValue value) when value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False) =>
                $"expected boolean, got {GoName(value)}",
            ("string" or "integer" or "number" or "boolean", JsonObject or JsonArray) =>
                $"expected {(schema.Type is "integer" or "number" ? "numeric (int or float)" : schema.Type)}, got {GoName(node)}",
            ("object", not JsonObject) => $"expected map, got &{{{node.ToText()}}}",
            ("array", not JsonArray) => $"expected list, got &{{{node.ToText()}}}",
            _ => null,
        };

    private static string GoName(JsonNode node) =>
        node switch
        {
            JsonObject => "map",
            JsonArray => "list",
            _ => node.GetValueKind() switch
            {
                JsonValueKind.String => "string",
                JsonValueKind.Number => "numeric",
                _ => "boolean",
            },
        };
}
