namespace Sam.Compose.Parsing;

/// <summary>Names that become part of names on the engine.</summary>
internal static class Naming
{
    // The edge alias is eight characters of the UID, a hyphen and this: together a DNS label of at most 63.
    public static bool IsService(string name) =>
        name.Length is >= 1 and <= 50 && name.All(IsPart) && char.IsAsciiLetterOrDigit(name[0]);

    public static bool IsVolume(string name) =>
        name.Length is >= 1 and <= 63 && name.All(IsPart) && char.IsAsciiLetterOrDigit(name[0]);

    public static bool IsImage(string image) =>
        image.Length is >= 1 and <= 500
        && char.IsAsciiLetterOrDigit(image[0])
        && image.All(symbol => char.IsAsciiLetterOrDigit(symbol) || "._-/:@+[]".Contains(symbol, StringComparison.Ordinal));

    private static bool IsPart(char symbol) => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-' or '_';
}
