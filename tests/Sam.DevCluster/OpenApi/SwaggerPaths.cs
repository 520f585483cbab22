using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.OpenApi;

/// <summary>From operations of OpenAPI v3 to those of Swagger 2.0.</summary>
internal static class SwaggerPaths
{
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch"];

    public static void Convert(JsonObject item)
    {
        Flatten(item.Array("parameters"));
        foreach (var operation in Verbs.Select(verb => item.Object(verb)).OfType<JsonObject>())
            ConvertOperation(operation);
    }

    private static void ConvertOperation(JsonObject operation)
    {
        Flatten(operation.Array("parameters"));
        operation["schemes"] = new JsonArray("https");
        if (operation.Object("requestBody") is { } body)
        {
            var content = body.Object("content")!;
            var parameter = new JsonObject { ["name"] = "body", ["in"] = "body" };
            if (body.IsTrue("required"))
                parameter["required"] = true;
            parameter["schema"] = SchemaOf(content);
            operation["consumes"] = new JsonArray([.. content.Select(form => (JsonNode?)form.Key)]);
            operation.Remove("requestBody");
            if (operation.Array("parameters") is { } parameters)
                parameters.Insert(0, parameter);
            else
                operation["parameters"] = new JsonArray(parameter);
        }
        foreach (var response in operation.Object("responses")!.Select(pair => pair.Value).OfType<JsonObject>())
        {
            if (response.Object("content") is not { } content)
                continue;
            operation["produces"] = new JsonArray([.. content.Select(form => (JsonNode?)form.Key)]);
            response["schema"] = SchemaOf(content);
            response.Remove("content");
        }
    }

    private static JsonObject SchemaOf(JsonObject content)
    {
        var reference = content.First().Value.At("schema", "$ref").Text()!;
        return new JsonObject
        {
            ["$ref"] = reference.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal),
        };
    }

    // Parameters have their type beside their name here.
    private static void Flatten(JsonArray? parameters)
    {
        foreach (var parameter in (parameters ?? []).OfType<JsonObject>())
        {
            foreach (var (name, value) in parameter.Object("schema") ?? [])
                parameter[name] = value?.DeepClone();
            parameter.Remove("schema");
        }
    }
}
