using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>A step is a file, and the file is named like its class: the listing of a room is the listing of its steps.</summary>
public sealed partial class StepsTests
{
    private static IEnumerable<(SourceFile File, string Step)> Steps => In(SourceTree.Code);

    // Steps of the runtime's own tests stand beside what they test.
    private static IEnumerable<(SourceFile File, string Step)> In(IEnumerable<SourceFile> files) =>
        from file in files
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

    [Fact]
    public void A_step_is_in_the_list_of_a_controller()
    {
        var controllers = SourceTree.Code.Where(file =>
            !file.IsTest && file.Name.EndsWith("Controller.cs", StringComparison.Ordinal)
        );
        var listed = string.Join('\n', controllers.Select(file => file.Text));

        Assert.DoesNotContain(Steps.Select(pair => pair.Step), step => !Word(step).IsMatch(listed));
    }

    [Fact]
    public void A_step_is_named_by_a_test()
    {
        var tests = string.Join('\n', SourceTree.Code.Where(file => file.IsTest).Select(file => file.Text));

        Assert.DoesNotContain(Steps.Select(pair => pair.Step), step => !Word(step).IsMatch(tests));
    }

    [Fact]
    public void A_step_in_the_wrong_file_is_found()
    {
        var file = new SourceFile("operator/Other.cs")
        {
            Content = "internal sealed class BuyThing(Func<int> f) : IStep<Context>;",
        };

        Assert.Equal((file, "BuyThing"), Assert.Single(In([file])));
    }

    private static Regex Word(string step) => new($@"\b{step}\b", RegexOptions.None, TimeSpan.FromSeconds(5));

    // The parameters of a primary constructor may stand between the name and the interface.
    [GeneratedRegex(
        @"\bclass\s+(?<name>[A-Z]\w*)\s*(\((?>[^()]+|\((?<depth>)|\)(?<-depth>))*\))?\s*:\s*[^{;]*\bIStep<",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Step();
}
