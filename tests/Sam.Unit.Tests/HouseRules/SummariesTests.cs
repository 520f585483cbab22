using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Every public type says in its summary what it owns or promises (style 2.7).</summary>
public sealed partial class SummariesTests
{
    [Fact]
    public void A_public_type_has_a_summary()
    {
        Assert.Empty(Silent(SourceTree.Code));
    }

    [Fact]
    public void A_type_without_a_summary_is_found()
    {
        Assert.Single(Silent([new SourceFile("operator/Sample.cs") { Content = "[Flags]\npublic enum Sample;" }]));
        Assert.Empty(
            Silent([new SourceFile("operator/Sample.cs") { Content = "/// <summary>One.</summary>\npublic enum Sample;" }])
        );
    }

    private static IEnumerable<string> Silent(IEnumerable<SourceFile> files) =>
        from file in files
        // A further part of a partial type is described where the type is: Name.cs, beside Name.Part.cs.
        where !file.IsTest && Path.GetFileNameWithoutExtension(file.Path).Contains('.') is false
        let lines = file.Lines
        from index in Enumerable.Range(0, lines.Count)
        where PublicType().IsMatch(lines[index]) && !HasSummary(lines, index)
        select $"{file.Path}:{index + 1}: {lines[index].Trim()}";

    [Theory]
    [InlineData("crds/Sam.Crds/Sam.Crds.csproj")]
    public void Where_members_are_read_as_a_manual_the_compiler_asks_for_their_summaries(string path)
    {
        var project = new SourceFile(path).Text;

        Assert.Contains("NoWarn.Replace('CS1591'", project, StringComparison.Ordinal);
    }

    private static bool HasSummary(IReadOnlyList<string> lines, int index)
    {
        // Between a type and its summary stand attributes and the other parts of its documentation.
        var above = lines.Take(index).Reverse().TakeWhile(line => !string.IsNullOrWhiteSpace(line) && !Ends().IsMatch(line));
        return above.Any(line =>
            line.Contains("<summary>", StringComparison.Ordinal) || line.Contains("<inheritdoc", StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(
        @"^\s*public\s+((static|sealed|abstract|partial|readonly)\s+)*(class|record|struct|interface|enum)\s+[A-Z]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*(?!//)([{}]|.*;\s*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ends();
}
