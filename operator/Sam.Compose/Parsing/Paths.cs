namespace Sam.Compose.Parsing;

/// <summary>Paths as people write them: services.web.volumes[0].</summary>
internal static class Paths
{
    private const int Longest = 160;

    public static string Join(string path, string key)
    {
        var part = Printable(key);
        return path.Length == 0 ? part : $"{path}.{part}";
    }

    /// <summary>Text of the file, short and without control characters, fit for a message.</summary>
    public static string Printable(string text)
    {
        var clean = string.Concat(text.Select(symbol => char.IsControl(symbol) || char.IsSurrogate(symbol) ? '?' : symbol));
        return clean.Length <= Longest ? clean : clean[..Longest] + "...";
    }
}
