using System.Text.Json.Nodes;

namespace Sam.Compose.Rendering;

/// <summary>build and develop, which SAM does not run, as `docker compose config` prints them.</summary>
internal static class BuildJson
{
    public static JsonObject Of(JsonNode written, string directory)
    {
        var build = written is JsonObject map
            ? map.DeepClone().AsObject()
            : new JsonObject { ["context"] = Scalars.Text(written) };
        var context = Scalars.Text(build["context"]);
        if (!context.Contains("://", StringComparison.Ordinal) && !context.StartsWith("git@", StringComparison.Ordinal))
            build["context"] = ServiceJson.Absolute(directory, context.Length == 0 ? "." : context);
        if (build["dockerfile_inline"] is null)
            build["dockerfile"] ??= "Dockerfile";
        foreach (var key in new[] { "args", "labels" })
        {
            if (build[key] is { } pairs)
                build[key] = ServiceJson.Pairs(Given(pairs));
        }

        return build;
    }

    // An argument without a value is the builder's environment's.
    private static JsonNode Given(JsonNode pairs) =>
        pairs switch
        {
            JsonObject map => new JsonObject(
                map.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
            ),
            JsonArray list => new JsonArray([
                .. list.Where(item => Scalars.Text(item).Contains('=', StringComparison.Ordinal))
                    .Select(item => item?.DeepClone()),
            ]),
            _ => pairs,
        };

    public static JsonObject Develop(JsonObject written, string directory)
    {
        var develop = written.DeepClone().AsObject();
        foreach (var watch in (develop["watch"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (watch["path"] is { } path)
                watch["path"] = ServiceJson.Absolute(directory, Scalars.Text(path));
            if (watch["ignore"] is JsonValue one)
                watch["ignore"] = new JsonArray(one.DeepClone());
            watch["exec"] ??= new JsonObject { ["command"] = null };
        }

        return develop;
    }
}
