using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.GitHub;

/// <summary>From OpenAPI 3.0's dialect to JSON Schema: references kept as definitions, `nullable` spelled out.</summary>
internal sealed class SchemaTranslation(JsonNode document)
{
    private readonly JsonObject _definitions = [];

    public JsonObject Translate(JsonNode schema)
    {
        var whole = Node(schema).AsObject();
        whole["definitions"] = _definitions;
        return whole;
    }

    public static JsonNode Resolve(JsonNode document, JsonNode node)
    {
        while (node is JsonObject && node["$ref"]?.GetValue<string>() is { } reference)
        {
            node = reference[2..].Split('/').Aggregate(document, (at, part) => at[part.Replace("~1", "/").Replace("~0", "~")]!);
        }
        return node;
    }

    private JsonNode Node(JsonNode node)
    {
        if (node is JsonArray array)
        {
            return new JsonArray([.. array.Select(item => item is null ? null : Node(item))]);
        }
        if (node is not JsonObject source)
        {
            return node.DeepClone();
        }
        if (source["$ref"]?.GetValue<string>() is { } reference)
        {
            return new JsonObject { ["$ref"] = $"#/definitions/{Define(reference)}" };
        }
        JsonObject result = [];
        foreach (var (key, value) in source.Where(pair => IsKept(pair.Key)))
        {
            // One list says that an account is a user and an enterprise at once; elsewhere the same member is either.
            var name = key == "allOf" && IsUserOrEnterprise(value!.AsArray()) ? "anyOf" : key;
            result[name] = key switch
            {
                "properties" => new JsonObject(
                    value!.AsObject().Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Node(pair.Value!)))
                ),
                "enum" or "required" or "pattern" or "format" or "type" => value!.DeepClone(),
                _ => value is null ? null : Node(value),
            };
        }
        // Whole numbers and dates are checked by their types; `uri` would refuse the templates GitHub itself sends.
        result.Remove("format");
        return source["nullable"]?.GetValue<bool>() == true ? Nullable(result) : result;
    }

    private string Define(string reference)
    {
        var name = reference.Split('/')[^1];
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = new JsonObject(); // first, as some schemas name themselves
            _definitions[name] = Node(Resolve(document, new JsonObject { ["$ref"] = reference }));
        }
        return name;
    }

    private bool IsUserOrEnterprise(JsonArray schemas) =>
        schemas
            .Select(schema => $"{Resolve(document, schema!)["title"]}")
            .Order(StringComparer.Ordinal)
            .SequenceEqual(["Enterprise", "Simple User"]);

    private static bool IsKept(string key) =>
        !key.StartsWith("x-", StringComparison.Ordinal)
        && key
            is not (
                "example"
                or "examples"
                or "description"
                or "title"
                or "deprecated"
                or "default"
                or "nullable"
                or "discriminator"
            );

    private static JsonObject Nullable(JsonObject schema)
    {
        if (schema["type"] is { } type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
            return schema;
        }
        return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }
}
