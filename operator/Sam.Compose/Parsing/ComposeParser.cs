namespace Sam.Compose.Parsing;

/// <summary>Reads a Compose file with default deny: what SAM does not run is refused with its path and the way out.</summary>
public static class ComposeParser
{
    /// <summary>Never throws, whatever the text; all errors at once.</summary>
    public static ComposeResult Parse(string text, IReadOnlyDictionary<string, string> variables)
    {
        var problems = new Problems();
        if (YamlReader.Read(text, problems) is not { } root)
            return problems.Result(null);
        var model = new FileReader(problems, variables).Read(root);
        return problems.Result(model);
    }
}
