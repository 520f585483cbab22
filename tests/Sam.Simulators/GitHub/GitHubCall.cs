using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Sam.Simulators.GitHub;

/// <summary>One call that reached its endpoint: who calls, what the path, the query and the body say.</summary>
internal sealed class GitHubCall(
    GitHubWorld world,
    GitHubRequest request,
    Route route,
    Caller caller,
    Func<string, GitHubFault?> strike
)
{
    private readonly Dictionary<string, StringValues> _query = QueryHelpers.ParseQuery(request.Address.Query);

    public GitHubWorld World { get; } = world;
    public GitHubRequest Request { get; } = request;
    public Caller Caller { get; } = caller;
    public JsonObject Body { get; private set; } = [];
    public Dictionary<string, string> Values { get; init; } = [];
    public Route Route { get; } = route;

    /// <summary>The repository of the path, once it was found and allowed.</summary>
    public SimulatedRepository Repository { get; set; } = null!;

    public Shapes Shapes => new(World.BaseAddress);

    public SimulatedApp App => ((Caller.OfApp)Caller).App;

    /// <summary>The fault if it is on and fits this call; it is used up by one.</summary>
    public GitHubFault? Struck(string name) => strike(name);

    public string? Query(string name) => _query.TryGetValue(name, out var values) ? values[0] : null;

    public long Number(string name) =>
        long.TryParse(Values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public string? Text(string name) =>
        Body[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>Reads the body; an answer if it is no JSON object. None at all is an empty one.</summary>
    public Answer? ReadBody()
    {
        if (Request.Body.Length == 0)
        {
            return null;
        }
        try
        {
            if (JsonNode.Parse(Request.Body) is JsonObject body)
            {
                Body = body;
                return null;
            }
            return Answer.Error(400, "Body should be a JSON object");
        }
        catch (JsonException)
        {
            return Answer.Error(400, "Problems parsing JSON");
        }
    }

    /// <summary>One page of a list with its Link header; `wrap` puts it into an object.</summary>
    public Answer Page<TItem>(IReadOnlyList<TItem> items, Func<TItem, JsonNode> shape, Func<JsonArray, JsonNode>? wrap = null)
    {
        var page = Math.Max(1, Whole("page", 1));
        var perPage = Math.Clamp(Whole("per_page", 30), 1, 100);
        var last = Math.Max(1, (items.Count + perPage - 1) / perPage);
        JsonArray found = [.. items.Skip((page - 1) * perPage).Take(perPage).Select(shape)];
        var answer = Answer.Ok(wrap?.Invoke(found) ?? found);
        var repeats = Struck(GitHubFaults.PageRepeats) is not null;
        List<string> links = [];
        if (page > 1)
        {
            links.AddRange([Link(page - 1, perPage, "prev"), Link(1, perPage, "first")]);
        }
        if (page < last || repeats)
        {
            links.AddRange([Link(repeats ? page : page + 1, perPage, "next"), Link(last, perPage, "last")]);
        }
        if (links.Count > 0)
        {
            answer.Headers["Link"] = string.Join(", ", links);
        }
        return answer;
    }

    private int Whole(string name, int fallback) =>
        int.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;

    private string Link(int page, int perPage, string rel)
    {
        var kept = _query.Where(pair => pair.Key is not ("page" or "per_page"));
        var query = string.Concat(kept.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}&"));
        return $"<{new Uri(World.BaseAddress, Request.Address.AbsolutePath)}?{query}page={page}&per_page={perPage}>; rel=\"{rel}\"";
    }
}
