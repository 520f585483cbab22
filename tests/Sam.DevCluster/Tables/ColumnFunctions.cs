using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Tables;

/// <summary>What columns of built-in kinds show beyond a plain field: <c>function:argument,argument</c>.</summary>
internal static class ColumnFunctions
{
    public const string None = "<none>";

    private static readonly Dictionary<string, Func<JsonObject, string[], JsonNode?>> Functions = new(StringComparer.Ordinal)
    {
        ["first"] = (node, paths) => FirstOf(node, paths)?.DeepClone() ?? "",
        ["or"] = (node, arguments) => Joined(node, arguments[1..]) is { Length: > 0 } text ? text : arguments[0],
        ["list"] = (node, paths) => Joined(node, paths),
        ["len"] = (node, paths) => paths.Sum(path => Count(JsonPath.First(node, path))),
        ["number"] = (node, paths) => FirstOf(node, paths)?.DeepClone() ?? 0,
        ["flag"] = (node, paths) => FirstOf(node, paths).Flag() ?? false,
        ["bool"] = (node, paths) => FirstOf(node, paths).Flag() == true ? "True" : "False",
        ["ratio"] = (node, paths) => string.Join('/', paths.Select(path => JsonPath.First(node, path)?.ToText() ?? "0")),
        ["object"] = (node, paths) => Reference(FirstOf(node, paths)),
        ["source"] = (node, _) =>
            node.At("source", "component").Text() ?? node.Text("reportingComponent") ?? node.Text("reportingController") ?? "",
        ["count"] = (node, _) =>
            (node.At("series", "count") ?? node.Child("count") ?? node.Child("deprecatedCount"))?.DeepClone() ?? 1,
        ["role"] = (node, _) => $"{node.At("roleRef", "kind").Text()}/{node.At("roleRef", "name").Text()}",
        ["subjects"] = (node, kinds) => Subjects(node, kinds[0]),
        ["containers"] = (node, paths) => Joined(node, [paths[0] + ".containers[*].name"]),
        ["images"] = (node, paths) => Joined(node, [paths[0] + ".containers[*].image"]),
        ["selector"] = (node, paths) => SelectorText.Of(JsonPath.First(node, paths[0])),
        ["modes"] = (node, paths) => string.Join(',', JsonPath.First(node, paths[0]).Strings().Select(Mode)),
        ["condition"] = (node, types) => Condition(node, types[0]),
        ["owner"] = (node, _) =>
            (node.Metadata().Array("ownerReferences") ?? []).FirstOrDefault(owner => owner.IsTrue("controller")) is { } owner
                ? Reference(owner)
                : None,
    };

    public static JsonNode? Compute(string function, string argument, JsonObject node)
    {
        var arguments = argument.Split(',');
        return Functions.TryGetValue(function, out var found) ? found(node, arguments)
            : KindColumns.Functions.TryGetValue(function, out var own) ? own(node, arguments)
            : throw new InvalidOperationException($"unknown column function {function}");
    }

    /// <summary>The first of several paths that leads somewhere.</summary>
    public static JsonNode? FirstOf(JsonObject node, string[] paths) =>
        paths.Select(path => JsonPath.First(node, path)).FirstOrDefault(value => value is not null);

    /// <summary>All values of some paths, with commas between them.</summary>
    public static string Joined(JsonObject node, string[] paths) =>
        string.Join(
            ',',
            paths
                .SelectMany(path => JsonPath.All(node, path))
                .OfType<JsonNode>()
                .Select(value => value.Text() ?? value.ToText())
                .Where(text => text.Length > 0)
        );

    private static int Count(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.Count,
            JsonArray list => list.Count,
            _ => 0,
        };

    private static string Reference(JsonNode? reference) =>
        reference.Text("name") is { Length: > 0 } name ? $"{reference.Text("kind")?.ToLowerInvariant()}/{name}" : "";

    private static string Subjects(JsonObject node, string kind) =>
        string.Join(
            ", ",
            (node.Array("subjects") ?? [])
                .Where(subject => subject.Text("kind") == kind)
                .Select(subject =>
                    kind == "ServiceAccount" ? $"{subject.Text("namespace")}/{subject.Text("name")}" : subject.Text("name")
                )
        );

    private static string Mode(string mode) =>
        mode switch
        {
            "ReadWriteOnce" => "RWO",
            "ReadOnlyMany" => "ROX",
            "ReadWriteMany" => "RWX",
            "ReadWriteOncePod" => "RWOP",
            _ => mode,
        };

    private static string Condition(JsonObject node, string type)
    {
        var condition = ((node.At("status", "conditions") as JsonArray) ?? []).FirstOrDefault(entry =>
            entry.Text("type") == type
        );
        return condition.Text("status") switch
        {
            null => "Unknown",
            "True" => "True",
            var status => $"{status} ({condition.Text("reason")})",
        };
    }
}
