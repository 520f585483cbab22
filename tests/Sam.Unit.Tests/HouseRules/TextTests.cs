using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>What must not be in any text of the repository.</summary>
public sealed partial class TextTests
{
    // Spelled in two parts, or this file would break its own rule.
    private static readonly string[] PackageHosts =
    [
        "nuget" + ".org",
        "npmjs" + ".org",
        "npmjs" + ".com",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "crates" + ".io",
        "deb.debian" + ".org",
        "archive.ubuntu" + ".com",
        "proxy.golang" + ".org",
        "mcr.microsoft" + ".com",
        "repo1.maven" + ".org",
    ];

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png",
        ".jpg",
        ".gz",
        ".ico",
        ".pfx",
        ".svg",
    };

    private static readonly IReadOnlyList<SourceFile> Texts =
    [
        .. SourceTree.Files.Where(file => !Binary.Contains(Path.GetExtension(file.Path))),
    ];

    [Fact]
    public void No_file_names_the_host_of_a_package_registry()
    {
        Assert.Empty(Registries(Texts));
    }

    private static IEnumerable<string> Registries(IEnumerable<SourceFile> files) =>
        from file in files
        let text = file.Text
        from host in PackageHosts
        where text.Contains(host, StringComparison.Ordinal)
        select $"{file.Path}: {host}";

    [Fact]
    public void What_must_not_be_there_is_found()
    {
        Assert.Single(Registries([Sample("see " + PackageHosts[0])]));
        Assert.Single(Todos([Sample("// TO" + "DO later")]));
        Assert.Empty(Todos([Sample("// TO" + "DO (#12) later")]));
        Assert.Single(EmptyCatches([Sample("try { } catch (Exception e) when (e is IOException) { " + "}")]));
    }

    private static SourceFile Sample(string content) => new("operator/Sample.cs") { Content = content };

    [Fact]
    public void A_TODO_has_the_number_of_an_issue()
    {
        Assert.Empty(Todos(SourceTree.Code));
    }

    private static IEnumerable<string> Todos(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Lines
        // The rule spells what it forbids.
        where !file.Path.EndsWith("/TextTests.cs", StringComparison.Ordinal) && Todo().IsMatch(line)
        select $"{file.Path}: {line.Trim()}";

    [Fact]
    public void No_catch_is_empty()
    {
        Assert.Empty(EmptyCatches(SourceTree.Code));
    }

    private static IEnumerable<string> EmptyCatches(IEnumerable<SourceFile> files) =>
        from file in files
        where EmptyCatch().IsMatch(file.Text)
        select file.Path;

    // In a comment only: a test may well be called A_TODO_has_...
    [GeneratedRegex(@"//.*\b(TODO|FIXME|HACK|XXX)\b(?!\s*\(?#\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Todo();

    [GeneratedRegex(
        @"catch(\s*\([^)]*\))?(\s*when\s*\([^{]*\))?\s*\{\s*\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex EmptyCatch();
}
