using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>A step is a file, and the file is named like its class: the listing of a room is the listing of its steps.</summary>
public sealed partial class StepsTests
{
    // Steps of the runtime's own tests stand beside what they test.
    private static IEnumerable<(SourceFile File, string Step)> Steps =>
        from file in SourceTree.Code
        where !file.IsTest
        from match in Step().Matches(file.Text)
        select (file, match.Groups["name"].Value);

    [Fact]
    public void A_step_has_a_file_of_its_own_name()
    {
        var elsewhere =
            from pair in Steps
            where pair.File.Name != $"{pair.Step}.cs"
            select $"{pair.File.Path} holds the step {pair.Step}";

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void A_file_holds_one_step()
    {
        var crowded = Steps.GroupBy(pair => pair.File.Path).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(crowded);
    }

    // The parameters of a primary constructor may stand between the name and the interface.
    [GeneratedRegex(
        @"\bclass\s+(?<name>[A-Z]\w*)\s*(\((?>[^()]+|\((?<depth>)|\)(?<-depth>))*\))?\s*:\s*[^{;]*\bIStep<",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Step();
}
