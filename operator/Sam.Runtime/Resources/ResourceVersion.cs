namespace Sam.Runtime.Resources;

/// <summary>
/// Orders resource versions as Kubernetes allows since 1.35 (KEP-5504): decimal numbers of any length without leading zeros, of one kind.
/// Versions of another form are only equal or not: neither is known to be newer, and the watch alone decides.
/// </summary>
internal static class ResourceVersion
{
    /// <summary>Whether the first is known to be at least as new; false if either is no number.</summary>
    public static bool IsAtLeast(string? version, string? other) =>
        IsNumber(version) && IsNumber(other) && Compare(version!, other!) >= 0;

    /// <summary>Whether the first is known to be newer; false if either is no number.</summary>
    public static bool IsNewer(string? version, string? other) =>
        IsNumber(version) && IsNumber(other) && Compare(version!, other!) > 0;

    private static bool IsNumber(string? version) =>
        !string.IsNullOrEmpty(version) && version[0] != '0' && version.All(char.IsAsciiDigit);

    private static int Compare(string left, string right)
    {
        var byLength = left.Length.CompareTo(right.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(left, right);
    }
}
