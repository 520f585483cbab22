using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>The schemas of a kind and of its list.</summary>
internal static class KindSchemas
{
    private const string Conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

    private const string ApiVersion =
        $"APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: {Conventions}#resources";

    private const string Kind =
        $"Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: {Conventions}#types-kinds";

    public static JsonObject Of(ResourceType type, OpenApiForm form)
    {
        var schema = type.IsCustom ? OfDefinition(type, form) : OfStruct(type, form);
        AddTypeFields(schema, form, $"Standard object's metadata. More info: {Conventions}#metadata");
        schema["x-kubernetes-group-version-kind"] = new JsonArray(SchemaNames.GroupVersionKind(type));
        return schema;
    }

    private static JsonObject OfStruct(ResourceType type, OpenApiForm form)
    {
        var schema =
            BuiltInStructs.Find(SchemaNames.Of(type), form)
            ?? throw new InvalidOperationException($"nobody described the fields of {SchemaNames.Of(type)}");
        schema.Insert(0, "description", type.Schema.Source.Text("description") ?? type.Kind);
        return schema;
    }

    private static JsonObject OfDefinition(ResourceType type, OpenApiForm form)
    {
        var source = type.Schema.Source.Copy();
        source.Object("properties")?.Remove("metadata");
        return PublishedSchema.Of(source, form);
    }

    public static JsonObject OfList(ResourceType type, OpenApiForm form)
    {
        var kind = SchemaNames.ListKindOf(type);
        var items = new JsonObject
        {
            ["description"] = $"List of {type.Plural}. More info: {Conventions}",
            ["type"] = "array",
            ["items"] = SchemaNames.Reference(SchemaNames.Of(type), form),
        };
        return new JsonObject
        {
            ["description"] = $"{kind} is a list of {type.Kind}",
            ["type"] = "object",
            ["required"] = new JsonArray("items"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Text(ApiVersion),
                ["items"] = items,
                ["kind"] = Text(Kind),
                ["metadata"] = Described(
                    $"Standard list metadata. More info: {Conventions}#types-kinds",
                    SchemaNames.Reference(SchemaNames.Shared("ListMeta"), form),
                    form
                ),
            },
            ["x-kubernetes-group-version-kind"] = new JsonArray(SchemaNames.GroupVersionKind(type, kind)),
        };
    }

    /// <summary>What every object has, also one that is a field of another.</summary>
    public static void AddTypeFields(
        JsonObject schema,
        OpenApiForm form,
        string about = $"Standard object's metadata. More info: {Conventions}#metadata"
    )
    {
        var properties = schema.Ensure("properties");
        properties["apiVersion"] = Text(ApiVersion);
        properties["kind"] = Text(Kind);
        properties["metadata"] = Described(about, SchemaNames.Reference(SchemaNames.Shared("ObjectMeta"), form), form);
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };

    private static JsonObject Described(string description, JsonObject reference, OpenApiForm form)
    {
        var field = new JsonObject { ["description"] = description };
        if (form == OpenApiForm.Version3)
            field["allOf"] = new JsonArray(reference);
        else
            field["$ref"] = reference["$ref"]!.DeepClone();
        return field;
    }
}
