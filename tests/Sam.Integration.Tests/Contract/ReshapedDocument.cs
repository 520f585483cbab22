using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.Contract;

/// <summary>Cuts an OpenAPI document to the form in which the recorder kept it.</summary>
internal static class ReshapedDocument
{
    private static readonly string[] Kept =
    [
        "operationId",
        "x-kubernetes-action",
        "x-kubernetes-group-version-kind",
        "description",
        "parameters",
    ];

    /// <summary>The recorder kept one patch in full, of the other operations their names, and the names of all schemas.</summary>
    public static JsonNode? Of(JsonNode? expected, JsonNode? actual)
    {
        if (
            expected is not JsonObject wanted
            || !wanted.ContainsKey("patchOperationInFull")
            || actual?["paths"] is not JsonObject paths
        )
            return actual;
        var result = (JsonObject)actual.DeepClone();
        result["patchOperationInFull"] = paths
            .Where(pair => pair.Key.EndsWith("/{name}", StringComparison.Ordinal))
            .Select(pair => pair.Value?["patch"]?.DeepClone())
            .FirstOrDefault();
        foreach (var item in result["paths"]!.AsObject().Select(pair => pair.Value).OfType<JsonObject>())
        {
            item["parameters"] = Names(item["parameters"]);
            foreach (var operation in item.Select(pair => pair.Value).OfType<JsonObject>())
            {
                foreach (var name in operation.Select(pair => pair.Key).Except(Kept).ToList())
                    operation.Remove(name);
            }
        }
        var schemas = result["components"]!["schemas"]!.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal);
        result["components"]!["schemaNames"] = new JsonArray([.. schemas.Select(name => (JsonNode)name)]);
        return result;
    }

    private static JsonArray Names(JsonNode? parameters) =>
        new([.. ((parameters as JsonArray) ?? []).Select(parameter => parameter?["name"]?.DeepClone())]);
}
