using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.Contract;

/// <summary>What came back for one request.</summary>
internal sealed record PlayedAnswer(int Status, JsonNode? Body, JsonObject Headers)
{
    /// <summary>The headers as the recorder kept them: by lower-case name, a list where one came several times.</summary>
    public static JsonObject HeadersOf(HttpResponseMessage response)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            headers[name.ToLowerInvariant()] =
                values.Count == 1
                    ? JsonValue.Create(values.ToString())
                    : new JsonArray([.. values.Select(value => (JsonNode)value)]);
        return headers;
    }
}
