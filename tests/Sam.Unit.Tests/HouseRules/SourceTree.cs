using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>The files of the repository as people wrote them: nothing that was built, downloaded or generated into output folders.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "bin",
        "obj",
        ".git",
        ".sam",
        ".engines",
        "TestResults",
        "BenchmarkDotNet.Artifacts",
        "node_modules",
    };

    /// <summary>The folder that holds Sam.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
    [.. Walk(new DirectoryInfo(Root)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>Every C# file.</summary>
    public static IEnumerable<SourceFile> Code => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => file.LinkTarget is null))
            yield return new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));
        foreach (
            var child in folder.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name) && child.LinkTarget is null)
        )
        {
            foreach (var file in Walk(child))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Sam.sln above {AppContext.BaseDirectory}");
    }
}

/// <summary>One file of the repository.</summary>
/// <param name="Path">Path below the root, with slashes.</param>
internal sealed record SourceFile(string Path)
{
    /// <summary>Whether it belongs to tests or what only tests use.</summary>
    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Name without folders.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The whole text.</summary>
    public string Text => Content ?? File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, Path));

    /// <summary>A text that no file has: what a rule is shown to prove that it can fail.</summary>
    public string? Content { get; init; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines => Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    /// <summary>The syntax of a C# file.</summary>
    public SyntaxNode Syntax =>
        CSharpSyntaxTree.ParseText(Text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetRoot();
}
