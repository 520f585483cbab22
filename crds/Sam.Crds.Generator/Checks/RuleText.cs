using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>Reads the fields that a CEL rule names. Not a parser: our rules are short, and what it cannot follow is refused.</summary>
internal static partial class RuleText
{
    /// <summary>The rule with every text in it emptied.</summary>
    public static string WithoutLiterals(string rule) => Literals().Replace(rule, "''");

    /// <summary>The rule without its questions whether a field is there.</summary>
    public static string WithoutGuards(string code) => Guards().Replace(code, "true");

    /// <summary>The fields whose presence the rule asks for.</summary>
    public static IReadOnlySet<string> GuardedOperands(string code) =>
        Guards().Matches(code).Select(match => match.Groups["operand"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The fields that the rule reads, each as often as it does.</summary>
    public static IEnumerable<string> Operands(string code) => Paths().Matches(code).Select(match => match.Value);

    /// <summary>What the rule's macros iterate over, such as <c>self.list</c>, or the name of a variable.</summary>
    public static IEnumerable<string> Macros(string code) =>
        MacroCalls().Matches(code).Select(match => match.Groups["operand"].Value);

    /// <summary>The node that a path such as <c>self.a.b</c> leads to, and whether it is always there.</summary>
    public static (JsonObject? Node, bool IsRequired) Resolve(JsonObject node, string operand)
    {
        var isRequired = true;
        var names = operand.Split('.');
        if (names[0] is not ("self" or "oldSelf"))
            return (null, false);
        foreach (var name in names[1..])
        {
            if (node.Child("properties")?.Child(name) is not { } child)
                return (null, false);
            isRequired &= node.Texts("required").Contains(name) || child.ContainsKey("default");
            node = child;
        }

        return (node, isRequired);
    }

    [GeneratedRegex(@"'(\\.|[^'\\])*'|""(\\.|[^""\\])*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\bhas\((?<operand>[A-Za-z0-9_.]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Guards();

    // A method at the end of a path (self.list.all(...)) is no field.
    [GeneratedRegex(
        @"\b(self|oldSelf)(\.[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_]*\())*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Paths();

    [GeneratedRegex(
        @"\b(?<operand>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*?)\.(all|exists|exists_one|existsOne|map|filter)\(",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex MacroCalls();
}
