using System.Text.RegularExpressions;
using Sam.Crds.Generator.Reading;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>A reason is a promise: operator code sets it, and a test waits for it, so that taking it out fails something.</summary>
public sealed partial class ReasonsUsedTests
{
    private static readonly IReadOnlyList<(Kind Kind, Reason Reason)> All =
    [
        .. from kind in Kind.In(typeof(Machine).Assembly)
        from type in Conditions.Of(kind)
        from reason in type.Reasons
        select (kind, reason),
    ];

    [Fact]
    public void Every_reason_is_set_by_the_room_of_its_kind()
    {
        var code = SourceTree.Code.Where(file =>
            file.Path.StartsWith("operator/Sam.Operator/Controllers/", StringComparison.Ordinal)
        );

        Assert.Empty(Unset(All, [.. code]));
    }

    [Fact]
    public void Every_reason_is_named_by_a_test()
    {
        var named = Named(SourceTree.Code.Where(file => file.IsTest));

        Assert.DoesNotContain(All.Select(pair => NameOf(pair.Kind.Name, pair.Reason)), name => !named.Contains(name));
    }

    [Fact]
    public void A_reason_that_nobody_sets_is_found()
    {
        var machine = All.First(pair => pair.Kind.Name == "Machine");
        var empty = new SourceFile("operator/Sam.Operator/Controllers/Machines/Sample.cs") { Content = "class A;" };

        Assert.Single(Unset([machine], [empty]));
    }

    [Fact]
    public void A_reason_is_named_by_its_type_or_by_both_its_words()
    {
        var named = Named([
            Sample(
                "using static Sam.Crds.V1Alpha1.MachineConditions;\nExpect.ReasonAsync<Machine>(name, Booted.WrongKey, Cancel);"
            ),
            Sample(
                "Expect.ConditionAsync<Project>(\n  \"acme\", \"CredentialsResolved\", \"False\", \"SomeUnresolved\", Cancel);"
            ),
            Sample("RefusedAsync(\"shop\", \"ManifestValid\", \"RouteInvalid\", \"web\");"),
            Sample("Same(app, ComposeAppConditions.InSync.NothingToDo);"),
            Sample("var reason = \"NoCapacity\";"),
        ]);

        Assert.Equal(
            [
                "ComposeApp InSync/NothingToDo",
                "ComposeApp ManifestValid/RouteInvalid",
                "Machine Booted/WrongKey",
                "Project CredentialsResolved/SomeUnresolved",
            ],
            named.Order()
        );
    }

    private static IEnumerable<string> Unset(IEnumerable<(Kind Kind, Reason Reason)> reasons, IReadOnlyList<SourceFile> code) =>
        from pair in reasons
        let room = $"/{pair.Kind.Name}s/"
        let word = new Regex($@"\b{pair.Reason.Condition.Name}\.{pair.Reason.Name}\b", RegexOptions.None, TimeSpan.FromSeconds(5))
        where !code.Any(file => file.Path.Contains(room, StringComparison.Ordinal) && word.IsMatch(file.Text))
        select NameOf(pair.Kind.Name, pair.Reason);

    private static HashSet<string> Named(IEnumerable<SourceFile> tests)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in tests)
        {
            foreach (Match match in Typed().Matches(file.Text))
                named.Add($"{match.Groups["kind"].Value} {match.Groups["condition"].Value}/{match.Groups["reason"].Value}");
            // Below `using static Sam.Crds.V1Alpha1.MachineConditions` the kind is left out.
            foreach (Match open in Opened().Matches(file.Text))
            foreach (Match match in Short().Matches(file.Text))
                named.Add($"{open.Groups["kind"].Value} {match.Groups["condition"].Value}/{match.Groups["reason"].Value}");
            foreach (Match match in Worded().Matches(file.Text))
                named.Add(
                    $"{(match.Groups["kind"] is { Success: true } kind ? kind.Value : "ComposeApp")} {match.Groups["condition"].Value}/{match.Groups["reason"].Value}"
                );
        }

        return named;
    }

    private static SourceFile Sample(string content) => new("tests/Sample.cs") { Content = content };

    private static string NameOf(string kind, Reason reason) => $"{kind} {reason}";

    [GeneratedRegex(@"\b(?<kind>\w+)Conditions\.(?<condition>\w+)\.(?<reason>\w+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Typed();

    [GeneratedRegex(@"using static [\w.]*\b(?<kind>\w+)Conditions;", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Opened();

    [GeneratedRegex(@"[\s(](?<condition>[A-Z]\w+)\.(?<reason>[A-Z]\w+)(\.Name)?[,);\s]", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Short();

    [GeneratedRegex(
        @"\b(ConditionAsync<(?<kind>\w+)>|RefusedAsync)\(\s*[^;]*?""(?<condition>[A-Z]\w+)"",\s*(""(True|False|Unknown)"",\s*)?""(?<reason>[A-Z]\w+)""",
        RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Worded();
}
