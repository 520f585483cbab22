using System.Text.RegularExpressions;
using CsCheck;
using Sam.Rules.Policy;
using Sam.Unit.Tests.HouseRules;

namespace Sam.Unit.Tests.Policy;

/// <summary>What a policy says, and what of a file is no policy.</summary>
public sealed class PlatformPolicyTests
{
    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly PolicyApp Own = new("1");
    private static readonly PolicyApp PlatformApp = new("9", IsPlatform: true);

    [Fact]
    public void The_example_of_the_documentation_is_a_policy_and_says_what_the_page_says()
    {
        var page = new SourceFile("docs/policy.md").Text;
        var example = Regex.Match(page, "```yaml\n(?<text>.*?)```", RegexOptions.Singleline, TimeSpan.FromSeconds(5));

        var reading = PolicyText.Read(example.Groups["text"].Value);

        Assert.Empty(reading.Problems);
        var policy = reading.Policy!;
        Assert.Equal(["payments", "everybody-else"], policy.Rules.Select(rule => rule.Name));
        Assert.IsType<PolicyDecision.Allowed>(policy.Decide("pay-a", "Acme/Pay-Web", new PolicyApp("123456"), Nothing));
        Assert.Contains(
            "App 5",
            Forbidden(policy.Decide("pay-a", "acme/shop", new PolicyApp("5"), Nothing)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "workflows: write",
            Forbidden(
                policy.Decide(
                    "pay-a",
                    "acme/shop",
                    new PolicyApp("123456"),
                    new Dictionary<string, string> { ["workflows"] = "write" }
                )
            ),
            StringComparison.Ordinal
        );
        Assert.True(policy.AllowsPlatformCredential("pay-a", "anthropic"));
        Assert.False(policy.AllowsPlatformCredential("pay-a", "openai"));
        Assert.False(policy.AllowsPlatformCredential("other", "hetzner"));
        Assert.Null(policy.ForbidsMachine("pay-a", null, "cx53"));
        Assert.Null(policy.ForbidsMachine("other", null, "cx23"));
        Assert.Contains("Large", policy.ForbidsMachine("other", "Large", "cx43")!, StringComparison.Ordinal);
        Assert.Equal(3, policy.QuotaFor("pay-a").Machines);
        Assert.True(policy.AllowsModel("pay-a", "claude-x"));
        Assert.False(policy.AllowsModel("pay-a", "gpt-x"));
        Assert.Equal(200m, policy.RuleFor("pay-a")!.Budget.CostPerMonth);
    }

    [Fact]
    public void The_default_permissions_of_the_page_are_those_of_the_code()
    {
        var page = new SourceFile("docs/policy.md").Text;
        var line = page[page.IndexOf("Default permissions:", StringComparison.Ordinal)..].Split("; all others")[0];
        var parts = line.Split(';');

        IEnumerable<string> Named(string text) =>
            Regex
                .Matches(text, "`(?<name>[a-z_]+)`", RegexOptions.None, TimeSpan.FromSeconds(5))
                .Select(match => match.Groups["name"].Value)
                .Except(["write", "read"]);
        var shown = Named(parts[0]).Select(name => (name, "write")).Concat(Named(parts[1]).Select(name => (name, "read")));

        Assert.Equal(PermissionCeiling.Default.Levels.Select(level => (level.Key, level.Value)).Order(), shown.Order());
    }

    [Fact]
    public void Without_a_file_a_namespace_uses_what_its_own_App_proves_and_nothing_of_the_platform()
    {
        var policy = PlatformPolicy.Default;

        Assert.IsType<PolicyDecision.Allowed>(
            policy.Decide("any", "acme/shop", Own, new Dictionary<string, string> { ["contents"] = "write" })
        );
        Forbidden(policy.Decide("any", "acme/shop", Own, new Dictionary<string, string> { ["workflows"] = "write" }));
        Forbidden(policy.Decide("any", "acme/shop", PlatformApp, Nothing));
        Assert.False(policy.AllowsPlatformCredential("any", "hetzner"));
        Assert.Null(policy.ForbidsMachine("any", "Large", "cx43"));
    }

    [Fact]
    public void A_platform_App_reaches_only_repositories_that_a_rule_names()
    {
        var named = Rule(
            new PolicyRule
            {
                Name = "r",
                Namespaces = ["a"],
                Repositories = ["acme/*"],
            }
        );
        var silent = Rule(new PolicyRule { Name = "r", Namespaces = ["a"] });

        Assert.IsType<PolicyDecision.Allowed>(named.Decide("a", "acme/shop", PlatformApp, Nothing));
        Forbidden(named.Decide("a", "other/shop", PlatformApp, Nothing));
        Forbidden(silent.Decide("a", "acme/shop", PlatformApp, Nothing));
        Assert.IsType<PolicyDecision.Allowed>(silent.Decide("a", "acme/shop", Own, Nothing));
    }

    [Fact]
    public void A_policy_that_could_not_be_read_allows_nothing()
    {
        var closed = PlatformPolicy.Closed("it is broken");

        Assert.Equal("it is broken", Forbidden(closed.Decide("a", "acme/shop", Own, Nothing)));
        Assert.False(closed.AllowsPlatformCredential("a", "hetzner"));
        Assert.Equal("it is broken", closed.ForbidsMachine("a", "Small", "cx23"));
        Assert.False(closed.AllowsModel("a", "any"));
    }

    [Fact]
    public void A_level_that_nobody_knows_is_above_every_ceiling()
    {
        Assert.Equal(
            ["contents: owner"],
            PermissionCeiling.Default.Exceeded(new Dictionary<string, string> { ["contents"] = "owner" })
        );
    }

    [Fact]
    public void Every_error_is_told_with_its_path_and_all_at_once()
    {
        var reading = PolicyText.Read(
            """
            unlisted: Sometimes
            rule: []
            rules:
              - name: ""
                namespaces: []
                repositories: [shop, 'a/b/c']
                apps: [my-app]
                permissions: {contents: rw, Pull-Requests: read}
                sizes: [Tiny]
                quota: {machines: -1, servers: 3}
                budget: {costPerMonth: much}
              - text
            """
        );

        Assert.Null(reading.Policy);
        Assert.Equal(
            [
                "rule is not known; known are rules, unlisted",
                "rules[0].apps[0] 'my-app' is no App id, which is a number (or its client id)",
                "rules[0].budget.costPerMonth is no amount such as 20 or 0.50",
                "rules[0].name is no text",
                "rules[0].namespaces needs at least one",
                "rules[0].permissions.Pull-Requests is no name of a permission at GitHub, such as pull_requests",
                "rules[0].permissions.contents 'rw' is no level; one of none, read, write, admin",
                "rules[0].quota.machines is no whole number of 0 or more",
                "rules[0].quota.servers is not known; known are machines, workspaces, activeTasks",
                "rules[0].repositories[0] 'shop' is no owner/name; * stands for any of either",
                "rules[0].repositories[1] 'a/b/c' is no owner/name; * stands for any of either",
                "rules[0].sizes[0] 'Tiny' is no size; one of Small, Medium, Large",
                "rules[1] is no object",
                "rules[1].name is missing",
                "rules[1].namespaces needs at least one",
                "unlisted is none of OwnApp, Forbid",
            ],
            reading
                .Problems.Where(problem => !problem.StartsWith("rules has the name", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("rules")]
    [InlineData("{\"rules\": [}")]
    [InlineData("{\"rules\": [], \"rules\": []}")]
    [InlineData("rules: []\nrules: []")]
    [InlineData("rules: &a [*a]")]
    [InlineData("--- {}\n--- {}")]
    [InlineData("rules: [\t]\n\t- x")]
    public void What_is_no_policy_is_refused_and_never_thrown(string text)
    {
        var reading = PolicyText.Read(text);

        Assert.Null(reading.Policy);
        Assert.NotEmpty(reading.Problems);
    }

    [Fact]
    public void JSON_is_read_like_YAML()
    {
        var reading = PolicyText.Read(
            """{"rules": [{"name": "r", "namespaces": ["a"], "apps": [7], "quota": {"machines": 2}}]}"""
        );

        Assert.Empty(reading.Problems);
        Assert.Equal(["7"], reading.Policy!.Rules[0].Apps!);
        Assert.Equal(2, reading.Policy.Rules[0].Quota.Machines);
    }

    [Fact]
    public void Whatever_a_file_holds_it_is_read_or_refused()
    {
        var pieces = OneOf(
            "rules",
            ":",
            " ",
            "\n",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "'",
            "&a",
            "*a",
            "name",
            "x",
            "\t",
            "|",
            "#",
            "~",
            "!!binary",
            "%"
        );
        pieces.List[0, 25].Select(parts => string.Concat(parts)).Sample(text => PolicyText.Read(text) is not null);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("acme/*", "acme/shop", true)]
    [InlineData("acme/*", "acme/shop/x", false)]
    [InlineData("a*c*", "abcd", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a", "A", false)]
    [InlineData("t-*-x", "t-a-b-x", true)]
    [InlineData("t-*-x", "t-x", false)]
    [InlineData("[ab]", "a", false)]
    public void A_pattern_matches_what_it_says(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, Glob.IsMatch(pattern, text));
    }

    [Fact]
    public void A_pattern_matches_as_the_same_regular_expression_does()
    {
        var letters = OneOf('a', 'b', '/', '*', '?').Array[0, 8].Select(chars => new string(chars));
        Gen.Select(letters, letters.Select(text => text.Replace('*', 'c').Replace('?', 'd')))
            .Sample(
                (pattern, text) =>
                    Glob.IsMatch(pattern, text)
                    == Regex.IsMatch(
                        text,
                        $"\\A{Regex.Escape(pattern).Replace("\\*", "[^/]*", StringComparison.Ordinal).Replace("\\?", "[^/]", StringComparison.Ordinal)}\\z",
                        RegexOptions.NonBacktracking,
                        TimeSpan.FromSeconds(5)
                    )
            );
    }

    private static PlatformPolicy Rule(PolicyRule rule) => new() { Rules = [rule] };

    private static string Forbidden(PolicyDecision decision) => Assert.IsType<PolicyDecision.Forbidden>(decision).Why;

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
