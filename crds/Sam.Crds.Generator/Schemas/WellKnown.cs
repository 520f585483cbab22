using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Schemas;

/// <summary>Schemas that Kubernetes prescribes, and those of scalar types.</summary>
internal static class WellKnown
{
    /// <summary>The schema of a scalar type, or null for other types.</summary>
    public static JsonObject? Scalar(Type type) =>
        type switch
        {
            _ when type == typeof(string) => new() { ["type"] = "string" },
            _ when type == typeof(bool) => new() { ["type"] = "boolean" },
            _ when type == typeof(int) => new() { ["type"] = "integer", ["format"] = "int32" },
            _ when type == typeof(long) => new() { ["type"] = "integer", ["format"] = "int64" },
            _ when type == typeof(double) => new() { ["type"] = "number", ["format"] = "double" },
            _ when type == typeof(DateTimeOffset) => new() { ["type"] = "string", ["format"] = "date-time" },
            _ when type == typeof(Duration) => new()
            {
                ["type"] = "string",
                // The pattern's parts are all optional; the shortest duration is `0s`.
                ["minLength"] = 2,
                ["maxLength"] = 32,
                ["pattern"] = Duration.Pattern,
            },
            _ => null,
        };

    public static JsonObject ApiVersion() =>
        new() { ["description"] = "Group and version of the API, such as `sam.dev/v1alpha1`.", ["type"] = "string" };

    public static JsonObject Kind() => new() { ["description"] = "Kind of the object, in CamelCase.", ["type"] = "string" };

    /// <summary>The schema of <c>metav1.Condition</c> with the bounds that Kubernetes gives it.</summary>
    public static void AddCondition(JsonObject node)
    {
        node["type"] = "object";
        node["required"] = new JsonArray("lastTransitionTime", "message", "reason", "status", "type");
        node["properties"] = new JsonObject
        {
            ["type"] = Text(
                "Type of the condition in CamelCase; `docs/reasons.md` lists them all.",
                0,
                316,
                ConditionTypePattern
            ),
            ["status"] = new JsonObject
            {
                ["description"] = "Whether the condition holds; Unknown is not False.",
                ["type"] = "string",
                ["enum"] = new JsonArray("True", "False", "Unknown"),
            },
            ["reason"] = Text(
                "Cause of the last transition in CamelCase; `docs/reasons.md` lists them all.",
                1,
                1024,
                ReasonPattern
            ),
            ["message"] = Text("One sentence for people, with the way out where one is needed.", 0, 32768, pattern: null),
            ["lastTransitionTime"] = new JsonObject
            {
                ["description"] = "When the status last changed from one value to another (RFC 3339).",
                ["type"] = "string",
                ["format"] = "date-time",
            },
            ["observedGeneration"] = new JsonObject
            {
                ["description"] = "The `metadata.generation` that the condition was set for.",
                ["type"] = "integer",
                ["format"] = "int64",
                ["minimum"] = 0,
            },
        };
    }

    private const string ReasonPattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$";

    private const string ConditionTypePattern =
        @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$";

    private static JsonObject Text(string description, int minimum, int maximum, string? pattern)
    {
        var node = new JsonObject { ["description"] = description, ["type"] = "string" };
        if (minimum > 0)
            node["minLength"] = minimum;
        node["maxLength"] = maximum;
        if (pattern is not null)
            node["pattern"] = pattern;
        return node;
    }
}
