using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Every public type says in its summary what it owns or promises (style 2.7).</summary>
public sealed partial class SummariesTests
{
    [Fact]
    public void A_public_type_has_a_summary()
    {
        var silent =
            from file in SourceTree.Code
            // A further part of a partial type is described where the type is: Name.cs, beside Name.Part.cs.
            where !file.IsTest && Path.GetFileNameWithoutExtension(file.Path).Contains('.') is false
            let lines = file.Lines
            from index in Enumerable.Range(0, lines.Count)
            where PublicType().IsMatch(lines[index]) && !HasSummary(lines, index)
            select $"{file.Path}:{index + 1}: {lines[index].Trim()}";

        Assert.Empty(silent);
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
