using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Checks;

/// <summary>
/// Refuses CEL rules that a server would refuse: fields that do not exist, operands without a bound (the server multiplies
/// their largest size into the rule's cost), transition rules on what may be absent or cannot be matched with its old self.
/// </summary>
internal static class RuleCheck
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
        PlaceRules(node, path, bounded, correlatable, problems);
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

    private static void PlaceRules(JsonObject node, string path, bool bounded, bool correlatable, List<string> problems)
    {
        foreach (var rule in (node["x-kubernetes-validations"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (!bounded)
                problems.Add($"{path}: a rule runs once per entry of a list or map without maxItems or maxProperties");
            if (!correlatable && IsTransition(rule.Text("rule") ?? ""))
                problems.Add($"{path}: a transition rule below a list that is no map has no old self");
        }
    }

    private static void Operands(JsonObject node, string rule, string path, List<string> problems)
    {
        var code = RuleText.WithoutLiterals(rule);
        var guarded = RuleText.GuardedOperands(code);
        var values = RuleText.Operands(RuleText.WithoutGuards(code)).ToHashSet(StringComparer.Ordinal);
        foreach (var operand in RuleText.Operands(code).Distinct(StringComparer.Ordinal))
        {
            var (found, isRequired) = RuleText.Resolve(node, operand);
            if (operand.Split('.').FirstOrDefault(Reserved.Contains) is { } word)
                problems.Add($"{path}: the rule reads {operand}; CEL reserves {word}, write __{word}__ or rename the field");
            else if (found is null)
                problems.Add($"{path}: the rule reads {operand}, which does not exist");
            else if (!IsBounded(found))
                problems.Add(
                    $"{path}: the rule reads {operand}, which has no bound; give it maxLength, maxItems or maxProperties"
                );
            else if (!isRequired && !IsGuarded(operand, guarded))
                problems.Add(
                    $"{path}: the rule reads {operand}, which may be absent; make it required or ask has({operand}) first"
                );
            else if (!isRequired && IsTransition(code) && values.Contains(operand))
                problems.Add(
                    $"{path}: the transition rule reads {operand}, which is optional: removing and setting it again would evade it"
                );
        }

        foreach (var operand in RuleText.Macros(code).Where(operand => RuleText.Resolve(node, operand).Node is null))
            problems.Add($"{path}: the rule iterates over {operand}, which is no field of self; its cost cannot be bounded");
    }

    private static bool IsTransition(string rule) => rule.Contains("oldSelf", StringComparison.Ordinal);

    private static bool IsGuarded(string operand, IReadOnlySet<string> guards) =>
        guards.Any(guard => operand == guard || operand.StartsWith($"{guard}.", StringComparison.Ordinal));

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

    // Words of the CEL specification; a server names a field that is called so `__word__`.
    private static readonly HashSet<string> Reserved = new(
        "true false null in as break const continue else for function if import let loop package namespace return var void while".Split(
            ' '
        ),
        StringComparer.Ordinal
    );
}
