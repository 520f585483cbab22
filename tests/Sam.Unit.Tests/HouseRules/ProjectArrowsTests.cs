using System.Xml.Linq;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Dependencies point one way (design section 3): what a product project may refer to, and nothing else.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Sam.Runtime"] = [],
        ["Sam.Compose"] = [],
        ["Sam.Rules"] = [],
        ["Sam.Sidecar"] = [],
        ["Sam.Crds"] = ["Sam.Runtime"],
        // A tool above all that it describes: the roles come from what the operator's classes declare.
        ["Sam.Crds.Generator"] = ["Sam.Crds", "Sam.Runtime", "Sam.Operator"],
        ["Sam.Operator"] = ["Sam.Runtime", "Sam.Crds", "Sam.Compose", "Sam.Rules"],
        ["Sam.Webhook"] = ["Sam.Crds", "Sam.Compose", "Sam.Rules"],
        ["kubectl-sam"] = ["Sam.Crds", "Sam.Compose", "Sam.Rules"],
    };

    // The dev cluster and the simulators stand for real systems: knowing our code would make them agree with our mistakes.
    private static readonly Dictionary<string, string[]> AllowedInTests = new(StringComparer.Ordinal)
    {
        ["Sam.DevCluster"] = [],
        ["Sam.Simulators"] = [],
    };

    public static TheoryData<string> Projects =>
        [.. SourceTree.Files.Where(file => file.Name.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => file.Path)];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_lies_below_it(string path)
    {
        var project = Path.GetFileNameWithoutExtension(path);
        var isTest = path.StartsWith("tests/", StringComparison.Ordinal);
        var references = References(path);

        if (!isTest)
            Assert.True(Allowed.ContainsKey(project), $"{project} is new: add its arrows to design section 3 and here");
        var allowed = (isTest ? AllowedInTests : Allowed).GetValueOrDefault(project) ?? references;

        Assert.Empty(references.Except(allowed));
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_is_in_the_solution_and_has_a_lock_file(string path)
    {
        var folder = Path.Combine(SourceTree.Root, Path.GetDirectoryName(path)!);

        Assert.Contains(
            path.Replace('/', '\\'),
            File.ReadAllText(Path.Combine(SourceTree.Root, "Sam.sln")),
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(Path.Combine(folder, "packages.lock.json")), $"{path} has no lock file: run dotnet restore");
    }

    private static string[] References(string path) =>
        [
            .. XDocument
                .Load(Path.Combine(SourceTree.Root, path))
                .Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
                .Select(include => Path.GetFileNameWithoutExtension(include)),
        ];
}
