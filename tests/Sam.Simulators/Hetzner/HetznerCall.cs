using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One authenticated call: its project, its route values, its query and its body.</summary>
internal sealed class HetznerCall(HttpContext context, HetznerProject project, HetznerFaults faults)
{
    private static readonly TimeSpan s_stale = TimeSpan.FromSeconds(10);
    private JsonObject? _body;

    public HetznerProject Project { get; } = project;
    public HetznerFaults Faults { get; } = faults;
    public CancellationToken CancellationToken => context.RequestAborted;

    /// <summary>The id in the path; 0 fits nothing.</summary>
    public long Id =>
        long.TryParse(context.Request.RouteValues["id"] as string, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public string? Query(string name) => context.Request.Query[name] is { Count: > 0 } values ? values[0] : null;

    public IReadOnlyList<string> QueryAll(string name) => [.. context.Request.Query[name].OfType<string>()];

    public JsonObject Body => _body ?? [];

    /// <summary>Reads the body; an answer if it is no JSON object.</summary>
    public async Task<Answer?> ReadBodyAsync()
    {
        try
        {
            _body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: CancellationToken) as JsonObject;
        }
        catch (JsonException)
        {
            _body = null;
        }
        return _body is null ? Answer.Error(400, "json_error", "Invalid JSON input") : null;
    }

    /// <summary>One page of a list, filtered and sorted by what the query asks.</summary>
    public Answer Page<TItem>(string key, IEnumerable<TItem> items, Func<TItem, JsonObject> toJson)
        where TItem : ISimThing
    {
        if (!Number("page", 1, out var page) || page < 1)
        {
            return Answer.Invalid("page", "must be a positive integer");
        }
        if (!Number("per_page", 25, out var perPage) || perPage is < 1 or > 50)
        {
            return Answer.Invalid("per_page", "must be between 1 and 50");
        }
        var all = items.ToList();
        if (Faults.Take(HetznerFaults.StaleList, fault => fault.FitsCall("GET", "/" + key)) is { } stale)
            all.RemoveAll(item => Project.Now - item.Created < (stale.Delay ?? s_stale));
        if (Query("label_selector") is { Length: > 0 } text)
        {
            if (LabelSelector.Parse(text) is not { } selector)
            {
                return Answer.Invalid("label_selector", "cannot be parsed");
            }
            all = [.. all.Where(item => selector.Matches(item.Labels))];
        }
        if (Query("name") is { } name)
        {
            all = [.. all.Where(item => item.Name == name)];
        }
        if (Sort(ref all) is { } refused)
        {
            return refused;
        }
        var paging = new Paging(page, perPage, all.Count);
        var repeats = Faults.Take(HetznerFaults.PageRepeats, fault => fault.FitsCall("GET", "/" + key)) is not null;
        var next =
            repeats ? page
            : Faults.Take(HetznerFaults.EndlessPages, fault => fault.FitsCall("GET", "/" + key)) is not null ? page + 1
            : paging.Next;
        JsonArray found = [.. all.Skip((page - 1) * perPage).Take(perPage).Select(toJson)];
        return Answer.Ok(new JsonObject { [key] = found, ["meta"] = Meta(paging, next) }) with { Paging = paging };
    }

    private static JsonObject Meta(Paging paging, int? next) =>
        new()
        {
            ["pagination"] = new JsonObject
            {
                ["page"] = paging.Page,
                ["per_page"] = paging.PerPage,
                ["previous_page"] = paging.Previous,
                ["next_page"] = next,
                ["last_page"] = paging.Last,
                ["total_entries"] = paging.Total,
            },
        };

    private Answer? Sort<TItem>(ref List<TItem> items)
        where TItem : ISimThing
    {
        IOrderedEnumerable<TItem>? sorted = null;
        foreach (var rule in QueryAll("sort"))
        {
            var parts = rule.Split(':');
            var field = parts[0];
            var direction = parts.Length > 1 ? parts[1] : "asc";
            if (field is not ("id" or "name" or "created") || direction is not ("asc" or "desc"))
            {
                return Answer.Invalid("sort", $"cannot sort by '{rule}'");
            }
            Func<TItem, string> key = field switch
            {
                "id" => item => $"{item.Id:D20}",
                "name" => item => item.Name,
                _ => item => $"{item.Created.UtcTicks:D20}",
            };
            sorted = (sorted, direction) switch
            {
                (null, "asc") => items.OrderBy(key, StringComparer.Ordinal),
                (null, _) => items.OrderByDescending(key, StringComparer.Ordinal),
                (_, "asc") => sorted.ThenBy(key, StringComparer.Ordinal),
                _ => sorted.ThenByDescending(key, StringComparer.Ordinal),
            };
        }
        items = sorted?.ToList() ?? items;
        return null;
    }

    private bool Number(string name, int fallback, out int number)
    {
        number = fallback;
        return Query(name) is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
