using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One answer of the API before it is written; an error is an answer too.</summary>
internal sealed record Answer(int Status, JsonNode? Body)
{
    /// <summary>Pages for the Link header.</summary>
    public Paging? Paging { get; init; }

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);

    public static Answer NoContent() => new(204, null);

    public static Answer Error(int status, string code, string message, JsonNode? details = null) =>
        new(
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = code,
                    ["message"] = message,
                    ["details"] = details,
                },
            }
        );

    public static Answer Invalid(string field, string problem) =>
        Error(
            422,
            "invalid_input",
            $"invalid input in field '{field}'",
            new JsonObject
            {
                ["fields"] = new JsonArray(new JsonObject { ["name"] = field, ["messages"] = new JsonArray(problem) }),
            }
        );

    public static Answer Taken(string field, string message) =>
        Error(
            409,
            "uniqueness_error",
            message,
            new JsonObject { ["fields"] = new JsonArray(new JsonObject { ["name"] = field }) }
        );

    public static Answer NotFound(string what) => Error(404, "not_found", $"{what} not found");
}

/// <summary>Where a page stands in its list.</summary>
internal sealed record Paging(int Page, int PerPage, int Total)
{
    public int Last => Math.Max(1, (Total + PerPage - 1) / PerPage);
    public int? Next => Page < Last ? Page + 1 : null;
    public int? Previous => Page > 1 ? Page - 1 : null;
}
