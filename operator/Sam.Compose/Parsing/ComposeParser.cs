namespace Sam.Compose.Parsing;

/// <summary>Reads a Compose file with default deny: what SAM does not run is refused with its path and the way out.</summary>
public static class ComposeParser
{
    /// <summary>As below, with variables alone.</summary>
    public static ComposeResult Parse(string text, IReadOnlyDictionary<string, string> variables) =>
        Parse(text, new ComposeInputs { Variables = variables });

    /// <summary>Never throws, whatever the text; all errors at once.</summary>
    public static ComposeResult Parse(string text, ComposeInputs inputs)
    {
        var problems = new Problems();
        if (YamlReader.Read(text, problems) is not { } root)
            return problems.Result(null);
        var model = new FileReader(problems, inputs).Read(root);
        return problems.Result(model);
    }
}
