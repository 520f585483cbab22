using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Logs have the same keys everywhere: whoever searches for an object finds every line about it.</summary>
public sealed partial class LogKeysTests
{
    private static readonly HashSet<string> s_vague = new(StringComparer.Ordinal)
    {
        "Id",
        "Ns",
        "Object",
        "Entity",
        "Resource",
        "Error",
        "Exception",
        "Message",
        "Value",
    };

    private static IEnumerable<(SourceFile File, string Text)> Lines =>
        from file in SourceTree.Code
        where !file.IsTest
        from match in Attribute().Matches(file.Text)
        select (file, match.Groups["text"].Value);

    [Fact]
    public void A_line_about_an_object_names_kind_namespace_name_and_uid()
    {
        var partial =
            from line in Lines
            let keys = KeysOf(line.Text)
            where keys.Contains("Kind") || keys.Contains("Uid")
            where !line.Text.Contains("{Kind} {Namespace}/{Name} ({Uid})", StringComparison.Ordinal)
            select $"{line.File.Path}: {line.Text}";

        Assert.NotEmpty(Lines);
        Assert.Empty(partial);
    }

    [Fact]
    public void A_namespace_stands_beside_a_name()
    {
        var alone =
            from line in Lines
            where KeysOf(line.Text).Contains("Namespace")
            where !line.Text.Contains("{Namespace}/{Name}", StringComparison.Ordinal)
            select $"{line.File.Path}: {line.Text}";

        Assert.Empty(alone);
    }

    [Fact]
    public void Keys_are_PascalCase_words_that_say_what_they_are()
    {
        var vague =
            from line in Lines
            from key in KeysOf(line.Text)
            where s_vague.Contains(key) || !char.IsAsciiLetterUpper(key[0])
            select $"{line.File.Path}: {key} in {line.Text}";

        Assert.Empty(vague);
    }

    [Fact]
    public void Event_ids_are_unique()
    {
        var twice =
            from file in SourceTree.Code
            where !file.IsTest
            from match in Attribute().Matches(file.Text)
            group file.Path by (Project: file.Path.Split('/')[1], Id: match.Groups["id"].Value) into same
            where same.Count() > 1
            select $"{same.Key}: {string.Join(", ", same)}";

        Assert.Empty(twice);
    }

    [Fact]
    public void Lines_are_source_generated()
    {
        var written =
            from file in SourceTree.Code
            where
                file.Path.StartsWith("operator/", StringComparison.Ordinal)
                || file.Path.StartsWith("webhook/", StringComparison.Ordinal)
            where Handwritten().IsMatch(file.Text)
            select file.Path;

        Assert.Empty(written);
    }

    private static HashSet<string> KeysOf(string text) => [.. Key().Matches(text).Select(match => match.Groups["key"].Value)];

    [GeneratedRegex(
        @"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+),\s*(Level\s*=\s*)?LogLevel\.\w+,\s*(Message\s*=\s*)?""(?<text>[^""]*)""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\{(?<key>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex(
        @"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Handwritten();
}
