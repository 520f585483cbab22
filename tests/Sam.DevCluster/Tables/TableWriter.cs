using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
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
        if (include is not ("" or "None" or "Metadata" or "Object"))
            throw Failures.BadRequest(
                $"Unable to convert to Table as requested: includeObject: Invalid value: \"{include}\": must be 'Metadata', 'Object', 'None', or empty"
            );
        if (metadata?.Text("continue") is "")
            metadata.Remove("continue");
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
        row["object"] = include switch
        {
            "None" => null,
            "Object" => node.DeepClone(),
            _ => Partial(node),
        };
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
            "string" => found.Count == 1 || type.IsCustom ? Plain(found[0]) : string.Join(",", found.Select(Plain)),
            _ => found[0]!.DeepClone(),
        };
    }

    // What has to do with now is said here, the rest by the functions.
    private JsonNode? Computed(string function, string argument, JsonObject node)
    {
        var paths = argument.Split(',');
        return function switch
        {
            "since" => Age(ColumnFunctions.FirstOf(node, paths).Text()),
            "ago" => ColumnFunctions.FirstOf(node, paths[1..]).Text() is { } stamp ? Age(stamp) : paths[0],
            "between" => Duration(JsonPath.First(node, paths[0]).Text(), JsonPath.First(node, paths[1]).Text()),
            _ => ColumnFunctions.Compute(function, argument, node),
        };
    }

    private string Duration(string? start, string? end) =>
        DateTimeOffset.TryParse(start, out var from)
            ? Human((DateTimeOffset.TryParse(end, out var to) ? to : time.GetUtcNow()) - from)
            : "";

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
