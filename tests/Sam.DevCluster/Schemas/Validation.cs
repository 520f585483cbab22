using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Checks a value against a schema and words the failures as Kubernetes does.</summary>
internal static class Validation
{
    public static List<FieldError> Check(JsonObject root, Schema schema)
    {
        var errors = new List<FieldError>();
        Check(root, schema, "", errors, isRoot: true);
        return errors;
    }

    private static void Check(JsonNode? node, Schema schema, string path, List<FieldError> errors, bool isRoot = false)
    {
        if (node is null && schema.Nullable)
            return;
        var kind = node.KindOf();
        if (!TypeFits(kind, schema))
        {
            errors.Add(TypeError(kind, schema, path));
            return;
        }
        CheckEnum(node, schema, path, errors);
        switch (node)
        {
            case JsonObject o:
                CheckObject(o, schema, path, errors, isRoot);
                break;
            case JsonArray list:
                CheckArray(list, schema, path, errors);
                break;
            default:
                ScalarValidation.Check(node, kind, schema, path, errors);
                break;
        }
        CheckCombinators(node, schema, path, errors);
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

    private static FieldError TypeError(JsonKind kind, Schema schema, string path)
    {
        var was = kind.ToString().ToLowerInvariant();
        var wanted = schema.IntOrString ? "integer,string" : schema.Type;
        return FieldError.Type(Shown(path), was, $"{path} in body must be of type {wanted}: \"{was}\"");
    }

    private static void CheckEnum(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Enum is { } options && !options.Any(option => JsonAccess.Same(option, node)))
            errors.Add(FieldError.Unsupported(Shown(path), node, options.Select(option => option.Text() ?? option.ToText())));
    }

    private static void CheckObject(JsonObject node, Schema schema, string path, List<FieldError> errors, bool isRoot)
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
        foreach (var name in schema.Required.Where(name => !node.ContainsKey(name)))
            errors.Add(FieldError.Required(Join(path, name)));
        foreach (var (name, value) in node.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (isRoot && name is "apiVersion" or "kind" or "metadata" && path.Length == 0)
                continue;
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
                Check(value, inner, Join(path, name), errors);
        }
    }

    private static void CheckArray(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Items is { } items)
        {
            for (var index = 0; index < list.Count; index++)
                Check(list[index], items, $"{path}[{index}]", errors);
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

    private static void CheckCombinators(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.AnyOf.Count > 0 && !schema.IntOrString && schema.AnyOf.All(option => Fails(node, option, path)))
        {
            errors.Add(Combined($"\"{path}\" must validate at least one schema (anyOf)"));
            Check(node, schema.AnyOf[0], path, errors);
        }
        if (schema.OneOf.Count > 0)
        {
            var valid = schema.OneOf.Count(option => !Fails(node, option, path));
            if (valid != 1)
                errors.Add(
                    Combined(
                        $"\"{path}\" must validate one and only one schema (oneOf). Found {(valid == 0 ? "none valid" : $"{valid} valid alternatives")}"
                    )
                );
            if (valid == 0)
                Check(node, schema.OneOf[0], path, errors);
        }
        var failed = schema.AllOf.Where(option => Fails(node, option, path)).ToList();
        foreach (var option in failed)
            Check(node, option, path, errors);
        if (failed.Count > 0)
            errors.Add(
                Combined(
                    $"\"{path}\" must validate all the schemas (allOf){(failed.Count == schema.AllOf.Count ? ". None validated" : "")}"
                )
            );
        if (schema.Not is { } not && !Fails(node, not, path))
            errors.Add(Combined($"\"{path}\" must not validate the schema (not)"));
    }

    private static bool Fails(JsonNode? node, Schema schema, string path)
    {
        var errors = new List<FieldError>();
        Check(node, schema, path, errors);
        return errors.Count > 0;
    }

    private static FieldError Combined(string detail) => FieldError.Invalid("<nil>", JsonValue.Create(""), detail);

    private static string Shown(string path) => path.Length == 0 ? "<nil>" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
