using System.Text.Json.Nodes;
using Sam.Compose.Parsing;

namespace Sam.Compose.Rendering;

/// <summary>deploy as `docker compose config` prints it.</summary>
internal static class DeployJson
{
    public static JsonObject Of(JsonObject written)
    {
        var shown = written.DeepClone().AsObject();
        foreach (var key in shown.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList())
            shown.Remove(key);
        if (shown["labels"] is { } labels)
            shown["labels"] = ServiceJson.Pairs(labels);
        shown["placement"] ??= new JsonObject();
        foreach (var part in new[] { "update_config", "rollback_config", "restart_policy" })
        {
            if (shown[part] is JsonObject found)
                Times(found);
        }

        return shown;
    }

    private static void Times(JsonObject part)
    {
        foreach (var key in new[] { "delay", "monitor", "window" })
        {
            if (part[key] is { } text && Units.Duration(Scalars.Text(text)) is { } time)
                part[key] = GoDuration.Format(time);
        }

        foreach (var key in part.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList())
            part.Remove(key);
    }
}
