namespace Sam.Operator.Tokens;

/// <summary>Compares what is asked for with what an account granted.</summary>
internal static class PermissionGap
{
    private static readonly string[] s_levels = ["read", "write", "admin"];

    /// <summary>What is lacking, in words; null if nothing is.</summary>
    public static string? Of(IReadOnlyDictionary<string, string> asked, IReadOnlyDictionary<string, string> granted)
    {
        var lacking = asked
            .Where(pair => Rank(granted.GetValueOrDefault(pair.Key)) < Rank(pair.Value))
            .Select(pair => $"{pair.Key}: {pair.Value}")
            .Order(StringComparer.Ordinal)
            .ToList();
        return lacking.Count == 0 ? null : string.Join(", ", lacking);
    }

    private static int Rank(string? level) =>
        level is null ? -1
        : Array.IndexOf(s_levels, level) is var rank and >= 0 ? rank
        : 99;
}
