using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Tables;

/// <summary>Server-side tables: what <c>kubectl get</c> prints.</summary>
internal sealed class TableWriter(TimeProvider time)
{
    public JsonObject Render(
        ResourceType type,
        IEnumerable<JsonObject> objects,
        JsonObject? metadata,
        string include,
        bool withColumns = true
    )
    {
        var table = new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata ?? [],
        };
        table["columnDefinitions"] = withColumns
            ? new JsonArray([
                .. type.Columns.Select(column =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = column.Name,
                            ["type"] = column.Type,
                            ["format"] = column.Format,
                            ["description"] = column.Description,
                            ["priority"] = column.Priority,
                        }
                ),
            ])
            : null;
        table["rows"] = new JsonArray([.. objects.Select(o => (JsonNode)Row(type, o, include))]);
        return table;
    }

    public static JsonObject Partial(JsonObject node) =>
        new()
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = node.Metadata().DeepClone(),
        };

    private JsonObject Row(ResourceType type, JsonObject node, string include)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. type.Columns.Select(column => Cell(type, column, node))]) };
        if (include != "None")
            row["object"] = include == "Object" ? node.DeepClone() : Partial(node);
        return row;
    }

    private JsonNode? Cell(ResourceType type, PrinterColumn column, JsonObject node)
    {
        var colon = column.Path.IndexOf(':');
        if (colon > 0 && !type.IsCustom)
            return Computed(column.Path[..colon], column.Path[(colon + 1)..], node);
        var found = JsonPath.All(node, column.Path);
        if (column.Type == "date")
            return found is [{ } stamp] ? Age(stamp.Text())
                : type.IsCustom ? null
                : "<unknown>";
        if (found.Count == 0 || found[0] is null)
            return type.IsCustom ? null : "";
        return column.Type switch
        {
            "string" => found.Count == 1 ? Plain(found[0]) : string.Join(",", found.Select(Plain)),
            _ => found[0]!.DeepClone(),
        };
    }

    private JsonNode? Computed(string function, string argument, JsonObject node)
    {
        JsonNode? First() =>
            argument.Split(',').Select(path => JsonPath.First(node, path)).FirstOrDefault(value => value is not null);
        return function switch
        {
            "lit" => argument,
            "len" => argument
                .Split(',')
                .Sum(path =>
                    JsonPath.First(node, path) switch
                    {
                        JsonObject o => o.Count,
                        JsonArray list => list.Count,
                        _ => 0,
                    }
                ),
            "since" => Age(First().Text()),
            "object" => First() is { } reference && reference.Text("name") is { Length: > 0 }
                ? $"{reference.Text("kind")?.ToLowerInvariant()}/{reference.Text("name")}"
                : "",
            "source" => node.At("source", "component").Text() ?? node.Text("reportingComponent") ?? "",
            "count" => (node.At("series", "count") ?? node.Child("count") ?? node.Child("deprecatedCount"))?.DeepClone() ?? 1,
            "number" => First()?.DeepClone() ?? 0,
            "ratio" => string.Join('/', argument.Split(',').Select(path => JsonPath.First(node, path)?.ToText() ?? "0")),
            "role" => $"{node.At("roleRef", "kind").Text()}/{node.At("roleRef", "name").Text()}",
            "ports" => string.Join(
                ",",
                (node.At("spec", "ports") as JsonArray ?? []).Select(port =>
                    $"{port.Child("port")?.ToText()}/{port.Text("protocol") ?? "TCP"}"
                )
            ),
            _ => throw new InvalidOperationException($"unknown column function {function}"),
        };
    }

    private static string Plain(JsonNode? node) => node.Text() ?? node.ToText();

    private string Age(string? stamp) =>
        DateTimeOffset.TryParse(stamp, out var moment) ? Human(time.GetUtcNow() - moment) : "<unknown>";

    /// <summary>A duration in the short form of Kubernetes: two units at most.</summary>
    public static string Human(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 0)
            return "0s";
        if (seconds < 120)
            return $"{seconds}s";
        var minutes = seconds / 60;
        if (minutes < 10)
            return seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s";
        if (minutes < 180)
            return $"{minutes}m";
        var hours = minutes / 60;
        if (hours < 8)
            return minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m";
        if (hours < 48)
            return $"{hours}h";
        if (hours < 192)
            return hours % 24 == 0 ? $"{hours / 24}d" : $"{hours / 24}d{hours % 24}h";
        if (hours < 24 * 365 * 2)
            return $"{hours / 24}d";
        var years = hours / 24 / 365;
        return years < 8 && hours / 24 % 365 > 0 ? $"{years}y{hours / 24 % 365}d" : $"{years}y";
    }
}
