using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Schemas;

/// <summary>Writes lengths, patterns and bounds of a scalar, and says what lacks them.</summary>
internal static class Constraints
{
    // A server keeps bounds as float64; beyond this a bound would not be the number that was written.
    private const long LargestExact = 1L << 53;

    public static void Add(JsonObject node, Field field, string path, Strictness strictness, List<string> problems)
    {
        switch (node["type"]!.GetValue<string>())
        {
            case "string":
                AddText(node, field, path, strictness, problems);
                break;
            case "integer":
            case "number":
                AddNumber(node, field, path, strictness, problems);
                break;
            default:
                Refuse(
                    field.Pattern is not null || field.Length is not null || field.Bounds is not null,
                    "bounds of another type"
                );
                break;
        }

        void Refuse(bool wrong, string what)
        {
            if (wrong)
                problems.Add($"{path}: has {what}");
        }
    }

    private static void AddText(JsonObject node, Field field, string path, Strictness strictness, List<string> problems)
    {
        if (field.Bounds is not null)
            problems.Add($"{path}: [Bounds] is for numbers; a text has [Length]");
        if (field.Length is { } length)
        {
            if (length.Minimum > 0)
                node["minLength"] = length.Minimum;
            node["maxLength"] = length.Maximum;
        }

        if (field.Pattern is { } pattern)
            node["pattern"] = pattern;
        // A date-time is bounded by its format.
        if (strictness == Strictness.Spec && node["maxLength"] is null && node["format"] is null)
            problems.Add($"{path}: has no [Length]; what users write is bounded");
    }

    private static void AddNumber(JsonObject node, Field field, string path, Strictness strictness, List<string> problems)
    {
        if (field.Pattern is not null || field.Length is not null)
            problems.Add($"{path}: [Pattern] and [Length] are for texts; a number has [Bounds]");
        if (field.Bounds is not { } bounds)
        {
            if (strictness == Strictness.Spec)
                problems.Add($"{path}: has no [Bounds]; every numeric knob has a minimum");
            return;
        }

        var limit = node["format"]?.GetValue<string>() == "int32" ? int.MaxValue : LargestExact;
        if (bounds.Minimum > -limit)
            node["minimum"] = bounds.Minimum;
        if (bounds.Maximum < limit)
            node["maximum"] = bounds.Maximum;
        if (bounds.Minimum > bounds.Maximum)
            problems.Add($"{path}: the minimum {bounds.Minimum} is above the maximum {bounds.Maximum}");
    }
}
