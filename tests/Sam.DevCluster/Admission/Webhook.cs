using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Admission;

/// <summary>One webhook of a configuration.</summary>
internal sealed class Webhook(JsonObject source, bool isMutating)
{
    private readonly Lazy<List<MatchCondition>> _conditions = new(() =>
        [.. (source.Array("matchConditions") ?? []).Select(MatchCondition.Read)]
    );

    public static readonly string[] ConditionVariables = ["object", "oldObject", "request"];

    public string Name { get; } = source.Text("name") ?? "";

    public bool IsMutating { get; } = isMutating;

    public bool IsFatal { get; } = source.Text("failurePolicy") != "Ignore";

    public bool IsEquivalent { get; } = source.Text("matchPolicy") != "Exact";

    public bool IsReinvoked { get; } = source.Text("reinvocationPolicy") == "IfNeeded";

    public bool SupportsDryRun { get; } = source.Text("sideEffects") is "None" or "NoneOnDryRun";

    public int TimeoutSeconds { get; } = source.Child("timeoutSeconds").TryInteger(out var seconds) ? (int)seconds : 10;

    public JsonObject? NamespaceSelector { get; } = source.Object("namespaceSelector");

    public JsonObject? ObjectSelector { get; } = source.Object("objectSelector");

    public IReadOnlyList<JsonObject> Rules { get; } = [.. (source.Array("rules") ?? []).OfType<JsonObject>()];

    public JsonObject? Client { get; } = source.Object("clientConfig");

    public IReadOnlyList<MatchCondition> Conditions => _conditions.Value;
}

/// <summary>A named CEL expression that must hold.</summary>
internal sealed record MatchCondition(string Name, CelNode Expression)
{
    public static MatchCondition Read(JsonNode? node) =>
        new(node.Text("name") ?? "", CelExpressions.Compile(node.Text("expression") ?? "", Webhook.ConditionVariables));
}
