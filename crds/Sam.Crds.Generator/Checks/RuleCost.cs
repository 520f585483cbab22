using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>
/// Bounds from above what a server estimates a CEL rule to cost. Coarser than its estimator (every comparison is taken to read its
/// operands whole, every macro to run inside all others), so that what passes here passes there.
/// </summary>
public static partial class RuleCost
{
    /// <summary>What one rule may cost, times the places it stands in (apiextensions: StaticEstimatedCostLimit).</summary>
    public const double RuleLimit = 10_000_000;

    /// <summary>What all rules of one CRD may cost together (apiextensions: StaticEstimatedCRDCostLimit).</summary>
    public const double ManifestLimit = 100_000_000;

    // A server charges a tenth of a unit per character that is read, and counts a character as four bytes.
    private const double Traversal = 0.1;
    private const int BytesPerCharacter = 4;
    private const int DateTimeBytes = 40;

    // A pattern costs a quarter of a unit per character of its own, for each unit of the text.
    private const double RegexShare = 0.25;

    /// <summary>What is too dear in a whole schema, each with its path.</summary>
    public static IReadOnlyList<string> Problems(JsonObject root)
    {
        var problems = new List<string>();
        var total = Sum(root, "", 1, problems);
        if (total > ManifestLimit)
            problems.Add($"all rules together may cost {total:N0}, above {ManifestLimit:N0}; lower maxItems or maxLength");
        return problems;
    }

    /// <summary>What a rule on a node costs when it runs once; infinite where an operand has no bound.</summary>
    public static double Of(JsonObject node, string rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var code = RuleText.WithoutLiterals(rule);
        var reading = RuleText.Operands(code).Sum(operand => Size(RuleText.Resolve(node, operand).Node)) * Traversal;
        if (code.Contains(".matches(", StringComparison.Ordinal))
            reading *= Math.Max(1, rule.Length * RegexShare);
        var rounds = RuleText.Macros(code).Aggregate(1d, (product, operand) => product * Entries(node, operand));
        return (reading + Words().Count(code)) * rounds;
    }

    private static double Sum(JsonObject node, string path, double places, List<string> problems)
    {
        var total = 0d;
        foreach (var rule in (node["x-kubernetes-validations"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            var cost = Of(node, rule.Text("rule") ?? "") * places;
            total += cost;
            if (cost > RuleLimit)
                problems.Add(
                    $"{path}: the rule {rule.Text("rule")} may cost {cost:N0}, above {RuleLimit:N0}; lower maxItems or maxLength"
                );
        }

        foreach (var (name, child) in node.Properties())
            total += Sum(child, path.Length == 0 ? name : $"{path}.{name}", places, problems);
        if (node.Child("items") is { } items)
            total += Sum(items, $"{path}[]", places * (node.Number("maxItems") ?? double.PositiveInfinity), problems);
        if (node.Child("additionalProperties") is { } values)
            total += Sum(values, $"{path}{{}}", places * (node.Number("maxProperties") ?? double.PositiveInfinity), problems);
        return double.IsNaN(total) ? 0 : total;
    }

    private static double Entries(JsonObject node, string operand)
    {
        var found = RuleText.Resolve(node, operand).Node;
        return found?.Number("maxItems") ?? found?.Number("maxProperties") ?? double.PositiveInfinity;
    }

    private static double Size(JsonObject? node) =>
        node?.Text("type") switch
        {
            "string" when node.ContainsKey("enum") => node.Texts("enum").Max(value => value.Length),
            "string" when node.Text("format") == "date-time" => DateTimeBytes,
            "string" => (node.Number("maxLength") ?? double.PositiveInfinity) * BytesPerCharacter,
            "array" => (node.Number("maxItems") ?? double.PositiveInfinity) * Size(node.Child("items")),
            "object" when node.Child("additionalProperties") is { } values => (
                node.Number("maxProperties") ?? double.PositiveInfinity
            ) * Size(values),
            "object" => 1 + node.Properties().Sum(property => Size(property.Value)),
            _ => 1,
        };

    [GeneratedRegex(@"[A-Za-z0-9_]+|[-+*/%<>=!&|?:]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
