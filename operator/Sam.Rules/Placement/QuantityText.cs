using System.Text.RegularExpressions;

namespace Sam.Rules.Placement;

/// <summary>
/// How an amount may be written: a Kubernetes quantity without exponents. A reader of all quantities computes <c>1e999999999</c> in full, which
/// takes longer than anybody waits.
/// </summary>
public static partial class QuantityText
{
    /// <summary>The form, for schemas too.</summary>
    public const string Pattern = @"^[0-9]{1,12}(\.[0-9]{1,6})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$";

    /// <summary>No longer text is a quantity.</summary>
    public const int MostCharacters = 24;

    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text.</param>
    public static bool IsWellFormed(string text) => text.Length <= MostCharacters && !text.EndsWith('\n') && Form().IsMatch(text);

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
