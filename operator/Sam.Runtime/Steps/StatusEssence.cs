using System.Text.Json.Nodes;

namespace Sam.Runtime.Steps;

/// <summary>What of a status matters to machines: everything but the words of conditions, and whether each is True or not.</summary>
internal static class StatusEssence
{
    /// <summary>Whether two statuses differ in words only: reasons, messages, False against Unknown, the next look.</summary>
    public static bool AreEqual(JsonObject left, JsonObject right) => JsonNode.DeepEquals(Of(left), Of(right));

    private static JsonObject Of(JsonObject status)
    {
        var essence = (JsonObject)status.DeepClone();
        essence.Remove("nextCheckAt");
        foreach (var condition in (essence["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            condition.Remove("reason");
            condition.Remove("message");
            condition.Remove("lastTransitionTime");
            condition["status"] = condition["status"]?.GetValue<string>() == "True";
        }

        return essence;
    }
}
