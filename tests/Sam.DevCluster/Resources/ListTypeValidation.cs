using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules of <c>x-kubernetes-list-type</c> and its keys.</summary>
internal static class ListTypeValidation
{
    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        if (schema.Text("x-kubernetes-list-type") is not { } listType)
            return;
        if (schema.Text("type") is var type && type != "array")
            errors.Add(
                FieldError.Invalid(
                    $"{path}.type",
                    JsonValue.Create(type ?? ""),
                    "must be array if x-kubernetes-list-type is specified"
                )
            );
        var items = schema.Object("items");
        switch (listType)
        {
            case "atomic":
                break;
            case "set":
                CheckSet(items, path, errors);
                break;
            case "map":
                CheckMap(schema, items, path, errors);
                break;
            default:
                errors.Add(
                    FieldError.Unsupported($"{path}.x-kubernetes-list-type", JsonValue.Create(listType), ["atomic", "set", "map"])
                );
                break;
        }
    }

    private static void CheckSet(JsonObject? items, string path, List<FieldError> errors)
    {
        if (items.IsTrue("nullable"))
            errors.Add(FieldError.Forbidden($"{path}.items.nullable", "cannot be nullable when x-kubernetes-list-type is set"));
        var kind = items.Text("type") == "array" ? "list" : "map";
        if (items.Text("type") is "object" or "array" && items.Text($"x-kubernetes-{kind}-type") != "atomic")
            errors.Add(
                FieldError.Invalid(
                    $"{path}.items.x-kubernetes-{kind}-type",
                    items.Child($"x-kubernetes-{kind}-type"),
                    "must be atomic as item of a list with x-kubernetes-list-type=set"
                )
            );
    }

    private static void CheckMap(JsonObject schema, JsonObject? items, string path, List<FieldError> errors)
    {
        var keys = schema.Child("x-kubernetes-list-map-keys").Strings().ToList();
        if (keys.Count == 0)
            errors.Add(
                FieldError.Required($"{path}.x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map")
            );
        if (items is not null && items.Text("type") != "object")
        {
            errors.Add(
                FieldError.Invalid(
                    $"{path}.items.type",
                    items.Child("type"),
                    "must be object if parent array's x-kubernetes-list-type is map"
                )
            );
            return;
        }
        if (keys.Exists(key => items.At("properties", key) is null))
        {
            errors.Add(
                FieldError.Invalid(
                    $"{path}.x-kubernetes-list-map-keys",
                    schema.Child("x-kubernetes-list-map-keys"),
                    "entries must all be names of item properties"
                )
            );
            return;
        }
        var required = items.Child("required").Strings().ToHashSet();
        foreach (var key in keys.Where(key => !required.Contains(key) && items.At("properties", key, "default") is null))
            errors.Add(
                FieldError.Required(
                    $"{path}.items.properties[{key}].default",
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                )
            );
    }
}
