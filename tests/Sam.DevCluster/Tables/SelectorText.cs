using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Tables;

/// <summary>Selectors and labels as one line.</summary>
internal static class SelectorText
{
    public static string Of(JsonNode? selector)
    {
        if (selector is not JsonObject parts)
            return ColumnFunctions.None;
        var isWhole = parts.ContainsKey("matchLabels") || parts.ContainsKey("matchExpressions");
        var labels = isWhole ? parts.Object("matchLabels") ?? [] : parts;
        var words = labels
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value.Text()}")
            .Concat((parts.Array("matchExpressions") ?? []).Select(Expression));
        return string.Join(',', words) is { Length: > 0 } text ? text : ColumnFunctions.None;
    }

    private static string Expression(JsonNode? expression)
    {
        var key = expression.Text("key");
        var values = $"({string.Join(',', expression.Child("values").Strings())})";
        return expression.Text("operator") switch
        {
            "In" => $"{key} in {values}",
            "NotIn" => $"{key} notin {values}",
            "DoesNotExist" => $"!{key}",
            _ => key ?? "",
        };
    }
}
