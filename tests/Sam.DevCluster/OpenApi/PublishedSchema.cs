using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.OpenApi;

/// <summary>A schema as the documents show it: what one of the two forms cannot say is left out.</summary>
internal static class PublishedSchema
{
    private const string IntOrString = "x-kubernetes-int-or-string";

    // Swagger 2.0 has no such words; clients of it would refuse what the server accepts if they were half said.
    private static readonly string[] NotInVersion2 =
    [
        "nullable",
        "default",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "x-kubernetes-validations",
    ];

    public static JsonObject Of(JsonObject source, OpenApiForm form)
    {
        var schema = new JsonObject();
        foreach (var (name, value) in source)
        {
            if (name.StartsWith("x-sam-", StringComparison.Ordinal))
                continue;
            if (form == OpenApiForm.Version2 && NotInVersion2.Contains(name))
                continue;
            schema[name] = name switch
            {
                "properties" or "patternProperties" when value is JsonObject fields => new JsonObject(
                    fields.Select(field => KeyValuePair.Create(field.Key, Nested(field.Value, form)))
                ),
                "items" or "additionalProperties" or "not" => Nested(value, form),
                "allOf" or "anyOf" or "oneOf" when value is JsonArray list => new JsonArray([
                    .. list.Select(item => Nested(item, form)),
                ]),
                _ => value?.DeepClone(),
            };
        }
        if (source.IsTrue("x-kubernetes-embedded-resource"))
            KindSchemas.AddTypeFields(schema, form);
        return form == OpenApiForm.Version3 ? WithChoice(schema) : WithoutConflicts(schema, source);
    }

    private static JsonNode? Nested(JsonNode? value, OpenApiForm form) =>
        value is JsonObject schema
            ? schema.Text("$ref") is { } name && !name.StartsWith('#')
                ? Referring(schema, name, form)
                : Of(schema, form)
            : value?.DeepClone();

    // In version 3 nothing may stand beside a reference.
    private static JsonObject Referring(JsonObject schema, string name, OpenApiForm form)
    {
        var reference = SchemaNames.Reference(SchemaNames.Shared(name), form);
        if (schema.Count == 1)
            return reference;
        var result = schema.Copy();
        result.Remove("$ref");
        if (form == OpenApiForm.Version3)
            result["allOf"] = new JsonArray(reference);
        else
            result["$ref"] = reference["$ref"]!.DeepClone();
        return result;
    }

    private static JsonObject WithChoice(JsonObject schema)
    {
        if (schema.IsTrue(IntOrString) && !schema.ContainsKey("anyOf") && !schema.ContainsKey("allOf"))
            schema["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
        return schema;
    }

    private static JsonObject WithoutConflicts(JsonObject schema, JsonObject source)
    {
        if (source.IsTrue("nullable") || source.IsTrue(IntOrString))
            schema.Remove("type");
        if (source.IsTrue("nullable") || source.IsTrue("x-kubernetes-preserve-unknown-fields"))
        {
            schema.Remove("items");
            schema.Remove("properties");
        }
        if (source.IsTrue("nullable"))
            schema.Remove("additionalProperties");
        return schema;
    }
}
