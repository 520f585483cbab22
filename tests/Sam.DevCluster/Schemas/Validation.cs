using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Checks a value against a schema and words the failures as Kubernetes does.</summary>
/// <remarks>With an old object, what did not change is not checked again, so that a tightened schema strands no object.</remarks>
internal static class Validation
{
    public static List<FieldError> Check(JsonObject root, Schema schema, JsonObject? old = null)
    {
        var errors = new List<FieldError>();
        Check(root, schema, "", errors, new Before(old, old is not null), isRoot: true);
        return errors;
    }

    /// <summary>Checks part of an object; the messages name paths from there, as the real server does.</summary>
    public static IEnumerable<FieldError> CheckPart(JsonNode? node, Schema schema, string prefix, Before before = default)
    {
        var errors = new List<FieldError>();
        Check(node, schema, "", errors, before);
        return errors.Select(error =>
            error.Field == "<nil>"
                ? error with
                {
                    Field = error.Body.Contains("Checked value", StringComparison.Ordinal) ? error.Field : prefix,
                }
                : error with
                {
                    Field =
                        error.Field.Length == 0 ? prefix
                        : error.Field[0] == '[' ? prefix + error.Field
                        : $"{prefix}.{error.Field}",
                }
        );
    }

    private static void Check(
        JsonNode? node,
        Schema schema,
        string path,
        List<FieldError> errors,
        Before before = default,
        bool isRoot = false
    )
    {
        if (before.Known && JsonAccess.Same(before.Value, node))
            return;
        if (node is null && schema.Nullable)
        {
            CheckEnum(node, schema, path, errors);
            return;
        }
        var kind = node.KindOf();
        if (!TypeFits(kind, schema))
        {
            errors.AddRange(ScalarValidation.WrongType(kind, schema, path));
            ScalarValidation.CheckFraction(node, kind, schema, path, errors);
            return;
        }
        CheckEnum(node, schema, path, errors);
        switch (node)
        {
            case JsonObject o:
                CheckObject(o, schema, path, errors, before, isRoot);
                break;
            case JsonArray list:
                CheckArray(list, schema, path, errors, before);
                break;
            default:
                ScalarValidation.Check(node, kind, schema, path, errors);
                break;
        }
        Combinators.Check(node, schema, path, errors);
    }

    private static bool TypeFits(JsonKind kind, Schema schema)
    {
        if (schema.IntOrString)
            return kind is JsonKind.Integer or JsonKind.String;
        return schema.Type switch
        {
            null or "" => kind != JsonKind.Null || schema.PreserveUnknown || schema.Source.Count == 0,
            "object" => kind == JsonKind.Object,
            "array" => kind == JsonKind.Array,
            "string" => kind == JsonKind.String,
            "boolean" => kind == JsonKind.Boolean,
            "integer" => kind == JsonKind.Integer,
            "number" => kind is JsonKind.Integer or JsonKind.Number,
            _ => true,
        };
    }

    private static void CheckEnum(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Enum is { Count: > 0 } options && (node is null || !options.Any(option => JsonAccess.Same(option, node))))
            errors.Add(FieldError.Unsupported(Shown(path), node, options.Select(option => option.Text() ?? option.ToText())));
    }

    private static void CheckObject(
        JsonObject node,
        Schema schema,
        string path,
        List<FieldError> errors,
        Before before,
        bool isRoot
    )
    {
        if (schema.MinProperties is { } least && node.Count < least)
            errors.Add(
                FieldError.Invalid(
                    Shown(path),
                    JsonValue.Create(node.Count),
                    $"{path} in body should have at least {least} properties"
                )
            );
        if (schema.MaxProperties is { } most && node.Count > most)
            errors.Add(FieldError.TooMany(Shown(path), node.Count, (int)most));
        foreach (var (name, value) in node.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (isRoot && name is "apiVersion" or "kind" or "metadata" && path.Length == 0)
            {
                if (name == "metadata" && isRoot)
                    CheckNames(value, schema, errors);
                continue;
            }
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
                Check(value, inner, Join(path, name), errors, before.Child(name));
        }
        foreach (var name in schema.Required.Where(name => !node.ContainsKey(name)))
            errors.Add(FieldError.Required(Join(path, name)));
        if (schema.EmbeddedResource)
            EmbeddedResources.Check(node, path, errors);
    }

    // A schema may restrict the two name fields of metadata, nothing else.
    private static void CheckNames(JsonNode? metadata, Schema schema, List<FieldError> errors)
    {
        foreach (var name in new[] { "name", "generateName" })
        {
            if (
                metadata.Child(name) is { } value
                && schema.Properties.GetValueOrDefault("metadata")?.Properties.GetValueOrDefault(name) is { } rule
            )
                Check(value, rule, $"metadata.{name}", errors);
        }
    }

    private static void CheckArray(JsonArray list, Schema schema, string path, List<FieldError> errors, Before before)
    {
        if (schema.Items is { } items)
        {
            for (var index = 0; index < list.Count; index++)
                Check(list[index], items, $"{path}[{index}]", errors, before.Item(list[index], schema));
        }
        if (schema.MinItems is { } least && list.Count < least)
            errors.Add(
                FieldError.Invalid(
                    Shown(path),
                    JsonValue.Create(list.Count),
                    $"{path} in body should have at least {least} items"
                )
            );
        if (schema.MaxItems is { } most && list.Count > most)
            errors.Add(FieldError.TooMany(Shown(path), list.Count, (int)most));
    }

    /// <summary>The failures of a value alone, for schemas that are combined.</summary>
    public static List<FieldError> Failures(JsonNode? node, Schema schema, string path)
    {
        var errors = new List<FieldError>();
        Check(node, schema, path, errors);
        return errors;
    }

    private static string Shown(string path) => path.Length == 0 ? "<nil>" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
