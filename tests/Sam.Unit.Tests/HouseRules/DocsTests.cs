using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Pages lead where they say: local links exist, and so does every make target that they name.</summary>
public sealed partial class DocsTests
{
    private static IEnumerable<SourceFile> Pages =>
        SourceTree.Files.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal));

    private static IReadOnlySet<string> Targets =>
        MakeTarget()
            .Matches(new SourceFile("Makefile").Text)
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Local_links_lead_to_something()
    {
        Assert.Empty(DeadLinks(Pages));
    }

    [Fact]
    public void Make_targets_that_pages_name_exist()
    {
        Assert.Empty(UnknownTargets(Pages, Targets));
    }

    [Fact]
    public void Scripts_that_pages_name_exist()
    {
        var missing =
            from page in Pages
            from match in Script().Matches(page.Text)
            where !File.Exists(Path.Combine(SourceTree.Root, match.Value))
            select $"{page.Path}: {match.Value}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_make_target_says_what_it_does()
    {
        var silent =
            from line in new SourceFile("Makefile").Lines
            where MakeTarget().IsMatch(line) && !line.Contains("## ", StringComparison.Ordinal)
            select line;

        Assert.Empty(silent);
    }

    [Fact]
    public void A_dead_link_and_an_unknown_target_are_found()
    {
        var page = new SourceFile("docs/sample.md")
        {
            Content =
                "[here](api.md#machine) [gone](gone.md) [far](https://example.com/x.md) `make unit FILTER=x` `make believe`\n```\nmake nothing\n```",
        };

        Assert.Equal(["docs/sample.md: gone.md"], DeadLinks([page]));
        Assert.Equal(["docs/sample.md: make believe", "docs/sample.md: make nothing"], UnknownTargets([page], Targets));
    }

    private static IEnumerable<string> DeadLinks(IEnumerable<SourceFile> pages) =>
        from page in pages
        from match in Link().Matches(page.Text)
        let target = match.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        let path = Path.Combine(SourceTree.Root, Path.GetDirectoryName(page.Path)!, target)
        where !File.Exists(path) && !Directory.Exists(path)
        select $"{page.Path}: {target}";

    private static IEnumerable<string> UnknownTargets(IEnumerable<SourceFile> pages, IReadOnlySet<string> targets) =>
        from page in pages
        from match in MakeCall().Matches(page.Text)
        where !targets.Contains(match.Groups["name"].Value)
        select $"{page.Path}: make {match.Groups["name"].Value}";

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    // In code only: prose may make sense.
    [GeneratedRegex(@"(`|^|&& )make (?<name>[a-z0-9][a-z0-9-]*)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5000)]
    private static partial Regex MakeCall();

    [GeneratedRegex(@"^(?<name>[a-z0-9][a-z0-9-]*):(?!=)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5000)]
    private static partial Regex MakeTarget();

    [GeneratedRegex(@"\bscripts/[\w./-]+\w", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Script();
}
