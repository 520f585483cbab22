using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>Values at run time: null, bool, long, double, string, duration, timestamp, quantity, JSON maps and lists, made lists.</summary>
internal static class CelValues
{
    // The casts matter: without them, every scalar would turn back into a node by implicit conversion.
    public static object? FromNode(JsonNode? node) =>
        node switch
        {
            null => null,
            JsonObject or JsonArray => (object)node,
            _ when node.TryInteger(out var integer) => integer,
            _ when node.TryNumber(out var number) => number,
            _ when node.Flag() is { } flag => flag,
            _ => node.Text(),
        };

    /// <summary>The items of a list; null when the value is none.</summary>
    public static IReadOnlyList<object?>? Items(object? value) =>
        value switch
        {
            JsonArray list => [.. list.Select(FromNode)],
            IReadOnlyList<object?> made => made,
            _ => null,
        };

    public static bool Same(object? left, object? right)
    {
        if (left is JsonNode a && right is JsonNode b)
            return JsonAccess.Same(a, b);
        if (Items(left) is { } first && Items(right) is { } second)
            return first.Count == second.Count && !first.Where((item, index) => !Same(item, second[index])).Any();
        if (left is long or double && right is long or double)
            return Compare(left, right) == 0;
        return Equals(left, right);
    }

    public static bool IsIn(object? item, object? container) =>
        (item, container) switch
        {
            (string key, JsonObject map) => map.ContainsKey(key),
            _ when Items(container) is { } list => list.Any(other => Same(item, other)),
            _ => throw NoOverload(),
        };

    public static int Compare(object? left, object? right) =>
        (left, right) switch
        {
            (long a, long b) => a.CompareTo(b),
            (long or double, long or double) => Convert.ToDouble(left).CompareTo(Convert.ToDouble(right)),
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) => a.CompareTo(b),
            (CelDuration a, CelDuration b) => a.CompareTo(b),
            (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
            (CelQuantity a, CelQuantity b) => a.CompareTo(b),
            _ => throw NoOverload(),
        };

    public static CelException NoOverload() => new("no such overload");
}
