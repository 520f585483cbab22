using System.Text.Json.Nodes;
using Sam.Compose.Rendering;
using Sam.Testing.Compose;

namespace Sam.Unit.Tests.Compose;

/// <summary>Each file of the corpus gives what Docker's Compose gives, or is refused where the table says so.</summary>
public sealed class ComposeCorpusTests
{
    private static readonly string[] s_refusals = File.ReadAllLines(Path.Join(ComposeCorpus.Folder, "expected/refused.txt"));

    public static TheoryData<string> Accepted() =>
        [.. ComposeCorpus.Names.Where(name => File.Exists(Path.Join(ComposeCorpus.Folder, $"expected/{name}.json")))];

    public static TheoryData<string> Refused() =>
        [.. ComposeCorpus.Names.Where(name => !File.Exists(Path.Join(ComposeCorpus.Folder, $"expected/{name}.json")))];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Prints_what_docker_compose_prints(string name)
    {
        var result = ComposeCorpus.Parse(name);

        Assert.Empty(result.Errors);
        var printed = JsonNode.Parse(new ConfigJson("corpus", "/corpus").Render(result.Model!));
        var expected = JsonNode.Parse(File.ReadAllText(Path.Join(ComposeCorpus.Folder, $"expected/{name}.json")));
        Assert.Empty(JsonDifference.Between(expected, printed));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_with_the_path_and_the_kind_that_are_written_down(string name)
    {
        var result = ComposeCorpus.Parse(name);

        Assert.Null(result.Model);
        Assert.Equal(
            s_refusals.Where(line => line.StartsWith($"{name}: ", StringComparison.Ordinal)),
            result.Errors.Select(error => $"{name}: {error.Path} {error.Code}")
        );
    }

    [Fact]
    public void Holds_at_least_60_files()
    {
        Assert.True(ComposeCorpus.Names.Count() >= 60);
    }
}
