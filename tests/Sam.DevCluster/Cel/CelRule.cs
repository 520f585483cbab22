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
    bool OptionalOldSelf,
    CelType Self
)
{
    private CelNode? _expression;
    private CelNode? _message;
    private bool? _isTransition;

    /// <summary>Compiled on first use: definitions are checked before they are served.</summary>
    public CelNode Expression => _expression ??= Compile(Rule).Node;

    public CelNode? MessageTree => MessageExpression is null ? null : _message ??= Compile(MessageExpression).Node;

    public bool IsTransition => _isTransition ??= Uses(CelLexer.Read(Rule));

    public static CelRule Read(JsonObject source, CelType self) =>
        new(
            source.Text("rule") ?? "",
            source.Text("message"),
            source.Text("messageExpression") is { Length: > 0 } expression ? expression : null,
            source.Text("reason"),
            source.Text("fieldPath"),
            source.IsTrue("optionalOldSelf"),
            self
        );

    public (CelNode Node, CelType Type) Compile(string text) =>
        new CelChecker(
            new Dictionary<string, CelType>
            {
                ["self"] = Self,
                ["oldSelf"] = OptionalOldSelf ? new CelType("optional", Self) : Self,
            }
        ).Check(CelParser.Parse(text));

    private static bool Uses(List<CelToken> tokens) => tokens.Exists(token => token.IsName && token.Text == "oldSelf");
}
