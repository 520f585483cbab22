namespace Sam.Unit.Tests.HouseRules;

/// <summary>Files stay small (style 2.2). Methods are bounded by the analyzer MA0051 in .globalconfig.</summary>
public sealed class SizeTests
{
    private const int Stop = 250;
    private const int TestStop = 500;

    // Longer for a reason. Path, most lines, why.
    private static readonly (string Path, int Lines, string Why)[] Exceptions =
    [
        ("crds/Sam.Crds/V1Alpha1/ComposeApp.cs", 400, "one kind, one file: the schema reads in one go"),
    ];

    [Fact]
    public void A_file_is_read_in_one_go()
    {
        Assert.Empty(Attics(SourceTree.Code));
    }

    [Fact]
    public void An_attic_is_found()
    {
        var lines = string.Join('\n', Enumerable.Repeat("//", Stop + 1));

        Assert.Single(Attics([new SourceFile("operator/Sample.cs") { Content = lines }]));
        Assert.Empty(Attics([new SourceFile("tests/Sample.cs") { Content = lines }]));
    }

    private static IEnumerable<string> Attics(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Lines.Count > StopOf(file)
        select $"{file.Path} has {file.Lines.Count} lines";

    [Fact]
    public void The_method_analyzer_is_on()
    {
        var config = new SourceFile(".globalconfig").Text;

        Assert.Contains("dotnet_diagnostic.MA0051.severity = warning", config, StringComparison.Ordinal);
        Assert.Contains("MA0051.maximum_lines_per_method = 60", config, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_name_files_that_need_them()
    {
        var needless = Exceptions.Where(exception => new SourceFile(exception.Path).Lines.Count <= Stop);

        Assert.Empty(needless);
    }

    private static int StopOf(SourceFile file) =>
        Exceptions.FirstOrDefault(exception => exception.Path == file.Path) is { Path: not null } found ? found.Lines
        : file.IsTest ? TestStop
        : Stop;
}
