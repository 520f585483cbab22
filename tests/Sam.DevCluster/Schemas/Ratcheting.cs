using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>On update, faults of values that did not change are forgiven, so that a tightened schema strands no object.</summary>
internal static class Ratcheting
{
    public static List<FieldError> Filter(
        List<FieldError> errors,
        JsonObject old,
        JsonObject node,
        ResourceType type,
        string subresource
    )
    {
        if (!type.IsCustom || errors.Count == 0 || subresource == "status")
            return errors;
        return
        [
            .. errors.Where(error =>
                error.Field is "<nil>"
                || error.Field.StartsWith("metadata", StringComparison.Ordinal)
                || error.Reason is "FieldValueRequired"
                || Changed(error.Field, old, node)
            ),
        ];
    }

    private static bool Changed(string field, JsonObject old, JsonObject node) =>
        !JsonAccess.Same(Follow(old, field), Follow(node, field));

    private static JsonNode? Follow(JsonNode? node, string field)
    {
        foreach (var part in field.Split('.', '['))
        {
            node =
                part.EndsWith(']') && int.TryParse(part[..^1], out var index)
                    ? node is JsonArray list && index < list.Count
                        ? list[index]
                        : null
                    : node.Child(part.TrimEnd(']'));
        }
        return node;
    }
}
