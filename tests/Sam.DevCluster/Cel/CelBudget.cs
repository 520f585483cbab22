using System.Globalization;
using System.Text.Json.Nodes;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Cel;

/// <summary>Refuses rules that may cost too much, alone or together, as the real server estimates it.</summary>
internal sealed class CelBudget
{
    private const double RuleLimit = 10_000_000;
    private const double SchemaLimit = 100_000_000;

    // What is a smaller part of the whole is not named.
    private const double WorthNaming = SchemaLimit / 100;
    private const int Named = 4;

    private readonly List<(string Path, double Cost)> _expensive = [];
    private double _total;

    /// <summary>Counts one expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="schema">Where it stands.</param>
    /// <param name="places">How often that is there at most; null when nothing bounds it.</param>
    /// <param name="path">Its path in the definition.</param>
    /// <param name="what">What it is called in a refusal.</param>
    /// <param name="errors">The refusals so far.</param>
    public void Add(string text, JsonObject schema, double? places, string path, string what, List<FieldError> errors)
    {
        var cost = CelCost.Of(CelParser.Parse(text), schema) * (places ?? CelSizes.Cardinality(schema));
        _total += cost;
        if (cost >= WorthNaming)
            _expensive.Add((path, cost));
        if (cost > RuleLimit)
            errors.Add(FieldError.Forbidden(path, Refusal($"estimated {what} cost", cost / RuleLimit)));
    }

    /// <summary>The refusal of the whole, with the dearest of its parts.</summary>
    public void Close(string path, List<FieldError> errors)
    {
        if (_total <= SchemaLimit)
            return;
        foreach (var (expensive, _) in _expensive.OrderByDescending(entry => entry.Cost).Take(Named))
            errors.Add(
                FieldError.Forbidden(
                    expensive,
                    "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"
                )
            );
        errors.Add(
            FieldError.Forbidden(
                path,
                Refusal("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", _total / SchemaLimit)
            )
        );
    }

    /// <summary>How often an item or a value is there at most; null when nothing bounds it.</summary>
    public static double? Inside(double? places, string step, JsonObject schema) =>
        step switch
        {
            "items" => places * CelSizes.Number(schema, "maxItems"),
            "additionalProperties" => places * CelSizes.Number(schema, "maxProperties"),
            _ => places,
        };

    private static string Refusal(string what, double factor)
    {
        var times = factor switch
        {
            > 100 => "more than 100x",
            < 1.5 => string.Create(CultureInfo.InvariantCulture, $"{factor:F6}x"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{factor:F1}x"),
        };
        return $"{what} exceeds budget by factor of {times} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
