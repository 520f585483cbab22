using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>
/// Refuses CEL rules that a server would refuse: fields that do not exist, operands without a bound (the server multiplies
/// their largest size into the rule's cost), transition rules on what may be absent or cannot be matched with its old self.
/// </summary>
internal static partial class RuleCheck
{
    /// <summary>What is wrong with the rules of one node, its operands included.</summary>
    public static void Shape(JsonObject node, string path, List<string> problems)
    {
        if (node["x-kubernetes-validations"] is not JsonArray rules)
            return;
        foreach (var rule in rules.OfType<JsonObject>())
        {
            if (rule.Text("message") is not { Length: > 0 } message || message.Contains('\n', StringComparison.Ordinal))
                problems.Add($"{path}: a rule needs a message of one line");
            if (rule.Text("rule") is { Length: > 0 } text)
                Operands(node, text, path, problems);
            else
                problems.Add($"{path}: a rule is empty");
        }
    }

    /// <summary>What is wrong with where rules stand: below lists without a bound, or below lists whose entries cannot be matched.</summary>
    public static IReadOnlyList<string> PlacementProblems(JsonObject root)
    {
        var problems = new List<string>();
        Place(root, "", bounded: true, correlatable: true, problems);
        return problems;
    }

    private static void Place(JsonObject node, string path, bool bounded, bool correlatable, List<string> problems)
    {
        foreach (var rule in (node["x-kubernetes-validations"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (!bounded)
                problems.Add($"{path}: a rule runs once per entry of a list or map without maxItems or maxProperties");
            if (!correlatable && IsTransition(rule.Text("rule") ?? ""))
                problems.Add($"{path}: a transition rule below a list that is no map has no old self");
        }

        foreach (var (name, child) in node.Properties())
            Place(child, path.Length == 0 ? name : $"{path}.{name}", bounded, correlatable, problems);
        if (node.Child("items") is { } items)
        {
            var isMap = node.Text("x-kubernetes-list-type") == "map";
            Place(items, $"{path}[]", bounded && node.ContainsKey("maxItems"), correlatable && isMap, problems);
        }

        if (node.Child("additionalProperties") is { } values)
            Place(values, $"{path}{{}}", bounded && node.ContainsKey("maxProperties"), correlatable, problems);
    }

    private static void Operands(JsonObject node, string rule, string path, List<string> problems)
    {
        var code = Literals().Replace(rule, "''");
        var guarded = Guards().Matches(code).Select(match => match.Groups["operand"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var operand in OperandPaths().Matches(code).Select(match => match.Value).Distinct(StringComparer.Ordinal))
        {
            var (found, isRequired) = Resolve(node, operand.Split('.')[1..]);
            if (found is null)
                problems.Add($"{path}: the rule reads {operand}, which does not exist");
            else if (!IsBounded(found))
                problems.Add(
                    $"{path}: the rule reads {operand}, which has no bound; give it maxLength, maxItems or maxProperties"
                );
            else if (!isRequired && !IsGuarded(operand, guarded))
                problems.Add(
                    $"{path}: the rule reads {operand}, which may be absent; make it required or ask has({operand}) first"
                );
            else if (!isRequired && IsTransition(code))
                problems.Add(
                    $"{path}: the transition rule reads {operand}, which is optional: removing and setting it again would evade it"
                );
        }
    }

    private static bool IsTransition(string rule) => rule.Contains("oldSelf", StringComparison.Ordinal);

    private static bool IsGuarded(string operand, HashSet<string> guards) =>
        guards.Any(guard => operand == guard || operand.StartsWith($"{guard}.", StringComparison.Ordinal));

    // A method at the end of a path (self.list.all(...)) is no field.
    private static (JsonObject? Node, bool IsRequired) Resolve(JsonObject node, string[] names)
    {
        var isRequired = true;
        foreach (var name in names)
        {
            if (node.Child("properties")?.Child(name) is not { } child)
                return (null, false);
            isRequired &= node.Texts("required").Contains(name) || child.ContainsKey("default");
            node = child;
        }

        return (node, isRequired);
    }

    private static bool IsBounded(JsonObject node) =>
        node.Text("type") switch
        {
            "string" => node.ContainsKey("maxLength") || node.ContainsKey("enum") || node.ContainsKey("format"),
            "array" => node.ContainsKey("maxItems") && IsBounded(node.Child("items")!),
            "object" when node.Child("additionalProperties") is { } values => node.ContainsKey("maxProperties")
                && IsBounded(values),
            "object" => node.Properties().All(property => IsBounded(property.Value)),
            _ => true,
        };

    [GeneratedRegex(@"'(\\.|[^'\\])*'|""(\\.|[^""\\])*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\bhas\((?<operand>[A-Za-z0-9_.]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Guards();

    [GeneratedRegex(
        @"\b(self|oldSelf)(\.[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_]*\())*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OperandPaths();
}
