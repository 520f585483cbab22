using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>A request, whichever front it came through.</summary>
internal sealed record GitHubRequest(string Method, Uri Address, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Uri.UnescapeDataString(Address.AbsolutePath);

    public string? Header(string name) => Headers.GetValueOrDefault(name.ToLowerInvariant());
}

/// <summary>How an answer ends on the wire.</summary>
internal enum Ending
{
    /// <summary>As it should.</summary>
    Whole,

    /// <summary>Half of the body, then nothing.</summary>
    Half,

    /// <summary>The connection breaks before the first byte.</summary>
    Nothing,
}

/// <summary>An answer, whichever front it goes through.</summary>
internal sealed record GitHubReply(int Status)
{
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);
    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json; charset=utf-8";
    public TimeSpan Delay { get; init; }
    public Ending Ending { get; init; }
}

/// <summary>What an endpoint answers, before limits and headers; an error is an answer too.</summary>
internal sealed record Answer(int Status, JsonNode? Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>A body that is no JSON.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>The fault that made the answer.</summary>
    public string? Fault { get; init; }

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);

    public static Answer NoContent() => new(204, null);

    public static Answer NotFound() => Error(404, "Not Found");

    public static Answer Forbidden() => Error(403, "Resource not accessible by integration");

    public static Answer Unauthorized(string message = "Bad credentials") => Error(401, message);

    public static Answer Error(int status, string message, JsonArray? errors = null)
    {
        JsonObject body = new() { ["message"] = message };
        if (errors is not null)
        {
            body["errors"] = errors;
        }
        body["documentation_url"] = "https://docs.github.com/rest";
        body["status"] = $"{status}";
        return new Answer(status, body);
    }

    public static Answer Invalid(string resource, string field, string code) =>
        Error(
            422,
            "Validation Failed",
            [
                new JsonObject
                {
                    ["resource"] = resource,
                    ["code"] = code,
                    ["field"] = field,
                },
            ]
        );

    public byte[] Bytes() => Raw ?? (Body is null ? [] : Encoding.UTF8.GetBytes(Body.ToJsonString()));
}
