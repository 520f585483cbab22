using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Storage;

/// <summary>A <c>metav1.LabelSelector</c> object; absent or empty selects everything.</summary>
internal static class ObjectSelector
{
    public static bool Matches(JsonObject? selector, IReadOnlyDictionary<string, string> labels) =>
        (selector.Object("matchLabels") ?? []).All(pair =>
            labels.TryGetValue(pair.Key, out var value) && value == pair.Value.Text()
        ) && (selector.Array("matchExpressions") ?? []).All(expression => Holds(expression, labels));

    private static bool Holds(JsonNode? expression, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(expression.Text("key") ?? "", out var value);
        return expression.Text("operator") switch
        {
            "In" => has && expression.Child("values").Strings().Contains(value!),
            "NotIn" => !has || !expression.Child("values").Strings().Contains(value!),
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
