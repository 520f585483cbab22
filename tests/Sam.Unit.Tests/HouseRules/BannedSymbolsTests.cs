namespace Sam.Unit.Tests.HouseRules;

/// <summary>What would bind us to a real clock or to chance is banned, by an analyzer that nothing switches off.</summary>
public sealed class BannedSymbolsTests
{
    // Where the ban is lifted. Path, why.
    private static readonly Dictionary<string, string> Lifted = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("P:System.DateTime.Now;")]
    [InlineData("P:System.DateTime.UtcNow;")]
    [InlineData("P:System.DateTimeOffset.Now;")]
    [InlineData("P:System.DateTimeOffset.UtcNow;")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32);")]
    [InlineData("M:System.Threading.Thread.Sleep(System.TimeSpan);")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int32);")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan);")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int32,System.Threading.CancellationToken);")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken);")]
    [InlineData("P:System.Random.Shared;")]
    public void It_is_on_the_list(string symbol)
    {
        Assert.Contains(new SourceFile("BannedSymbols.txt").Lines, line => line.StartsWith(symbol, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_that_is_no_test_has_the_list_and_the_analyzer()
    {
        var properties = new SourceFile("Directory.Build.props").Text;

        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", properties, StringComparison.Ordinal);
        Assert.Contains(
            "BannedSymbols.txt\" Condition=\"!$(MSBuildProjectName.EndsWith('.Tests'))\"",
            properties,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nobody_lifts_the_ban()
    {
        Assert.Empty(Lifts(SourceTree.Code).Except(Lifted.Keys));
    }

    [Fact]
    public void A_lifted_ban_is_found()
    {
        var file = new SourceFile("operator/Sample.cs") { Content = "#pragma warning disable RS" + "0030" };

        Assert.Single(Lifts([file]));
    }

    private static IEnumerable<string> Lifts(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Text.Contains("RS" + "0030", StringComparison.Ordinal)
        select file.Path;
}
