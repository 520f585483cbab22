using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Types are called by what they are (style 2.6); names that outlive a process stand in one file.</summary>
public sealed partial class NamesTests
{
    // Where names of labels, finalizers and annotations may stand as texts, beside Names.cs. Path prefix, why.
    private static readonly (string Prefix, string Why)[] LiteralExceptions =
    [
        ("tests/", "tests say what users would see"),
        ("crds/Sam.Crds.Generator/", "texts of the generated pages"),
        ("operator/Sam.Compose/", "pure, and below Sam.Crds: it names what it plans on the engine itself (EngineNames)"),
        ("operator/Sam.Rules/", "messages tell users which label to set"),
    ];

    // A manager of fields is Kubernetes' own word (server-side apply).
    private static readonly string[] FieldManagers = ["ManagerKey", "FieldManager", "ManagerEntry", "Manager"];

    [Fact]
    public void No_type_is_named_by_a_word_that_says_nothing()
    {
        Assert.Empty(BannedTypes(SourceTree.Code));
    }

    [Fact]
    public void A_bad_name_is_found()
    {
        Assert.Single(BannedTypes([Sample("internal sealed class MachineHelper;")]));
        Assert.Empty(BannedTypes([Sample("internal sealed class Commoner;")]));
    }

    [Fact]
    public void A_label_outside_of_its_file_is_found()
    {
        Assert.Single(Literals([Sample("var label = \"sam.dev/thing\";")]));
        Assert.Single(Literals([Sample("var label = \"dev.sam.thing\";")]));
        Assert.Single(Literals([Sample("var selector = \"managed-by=sam\";")]));
        Assert.Empty(Literals([Sample("// says sam.dev/thing")]));
    }

    [Fact]
    public void A_file_is_named_by_words_that_say_something()
    {
        var banned =
            from file in SourceTree.Code
            where BannedPart().IsMatch(Path.GetFileNameWithoutExtension(file.Path))
            select file.Path;

        Assert.Empty(banned);
    }

    [Fact]
    public void Labels_and_finalizers_are_spelled_out_in_one_file_only()
    {
        Assert.Empty(Literals(SourceTree.Code));
    }

    private static IEnumerable<string> BannedTypes(IEnumerable<SourceFile> files) =>
        from file in files
        from match in TypeDeclaration().Matches(file.Text)
        where BannedPart().IsMatch(match.Groups["name"].Value) && !FieldManagers.Contains(match.Groups["name"].Value)
        select $"{file.Path}: {match.Groups["name"].Value}";

    private static IEnumerable<string> Literals(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Path != "crds/Sam.Crds/Names.cs"
        where !LiteralExceptions.Any(exception => file.Path.StartsWith(exception.Prefix, StringComparison.Ordinal))
        from line in file.Lines
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Literal().IsMatch(line)
        select $"{file.Path}: {line.Trim()}";

    private static SourceFile Sample(string content) => new("operator/Sam.Operator/Sample.cs") { Content = content };

    [GeneratedRegex(
        @"^\s*(?:(?:public|internal|private|protected|static|sealed|abstract|partial|readonly|file)\s+)*(?:class|record struct|record class|record|struct|interface|enum)\s+(?<name>[A-Z]\w*)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex TypeDeclaration();

    // Whole words of a CamelCase name: `Commoner` and `Database` are fine.
    [GeneratedRegex(
        "(Helper|Manager|Util|Common|Impl)s?(?![a-z])|Base$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex BannedPart();

    [GeneratedRegex(
        "\"[^\"]*\\b(sam\\.dev/|dev\\.sam\\.|managed-by\\b|sam-(installation|machine|role)=)[^\"]*\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Literal();
}
