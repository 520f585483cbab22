namespace Sam.Crds.Generator.Writing;

/// <summary>Texts in Markdown tables.</summary>
internal static class Markdown
{
    public static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);
}
