using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>One entry of <c>x-kubernetes-validations</c> with its compiled expressions.</summary>
internal sealed record CelRule(
    string Rule,
    string? Message,
    string? MessageExpression,
    string? Reason,
    string? FieldPath,
    bool OptionalOldSelf
)
{
    private CelNode? _expression;
    private CelNode? _message;

    /// <summary>Compiled on first use: definitions are checked before they are served.</summary>
    public CelNode Expression => _expression ??= CelParser.Parse(Rule);

    public CelNode? MessageTree => MessageExpression is null ? null : _message ??= CelParser.Parse(MessageExpression);

    public bool IsTransition => Rule.Contains("oldSelf", StringComparison.Ordinal);

    public static CelRule Read(JsonObject source) =>
        new(
            source.Text("rule") ?? "",
            source.Text("message"),
            source.Text("messageExpression"),
            source.Text("reason"),
            source.Text("fieldPath"),
            source.IsTrue("optionalOldSelf")
        );
}
