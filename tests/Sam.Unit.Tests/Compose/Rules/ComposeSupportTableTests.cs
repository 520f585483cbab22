using System.Runtime.CompilerServices;
using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Compose.Rules;

namespace Sam.Unit.Tests.Compose.Rules;

public sealed class ComposeSupportTableTests
{
    private const string Start = "<!-- table: generated from KeyRules, updated by SAM_GOLDEN=update -->\n";

    [Fact]
    public void Documents_every_row_of_the_allow_list()
    {
        var file = Page();
        var page = File.ReadAllText(file);
        var expected = page[..(page.IndexOf(Start, StringComparison.Ordinal) + Start.Length)] + Table();
        if (Environment.GetEnvironmentVariable("SAM_GOLDEN") == "update")
            File.WriteAllText(file, expected);

        Assert.Equal(expected, File.ReadAllText(file));
    }

    public static TheoryData<string> ServiceKeys() =>
        [
            .. KeyRules
                .All.Where(rule => rule.Scope == KeyScope.Service && rule.Support != Support.Supported)
                .Select(rule => rule.Key),
        ];

    [Theory]
    [MemberData(nameof(ServiceKeys))]
    public void Answers_a_service_key_as_its_row_says(string key)
    {
        var result = ComposeParser.Parse($"services: {{web: {{image: a, {key}: x}}}}", new Dictionary<string, string>());

        var rule = KeyRules.Find(KeyScope.Service, key)!;
        var problem = Assert.Single(rule.Support == Support.Refused ? result.Errors : result.Warnings);
        Assert.Equal($"services.web.{key}", problem.Path);
        Assert.EndsWith(rule.Note, problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<KeyScope, string> SupportedKeys() =>
        [.. KeyRules.All.Where(rule => rule.Support == Support.Supported).Select(rule => (rule.Scope, rule.Key))];

    public static TheoryData<KeyScope, string> NestedKeys() =>
        [
            .. KeyRules
                .All.Where(rule => rule.Scope != KeyScope.Service && rule.Support != Support.Supported)
                .Select(rule => (rule.Scope, rule.Key)),
        ];

    [Theory]
    [MemberData(nameof(NestedKeys))]
    public void Answers_a_nested_key_as_its_row_says(KeyScope scope, string key)
    {
        var text = scope == KeyScope.File ? "services: {web: {image: a}}\nKEY: x" : Around(scope);

        var result = ComposeParser.Parse(text.Replace("KEY", key, StringComparison.Ordinal), new Dictionary<string, string>());

        var rule = KeyRules.Find(scope, key)!;
        Assert.Contains(
            rule.Support == Support.Refused ? result.Errors : result.Warnings,
            problem =>
                problem.Path.EndsWith(key, StringComparison.Ordinal)
                && problem.Message.EndsWith(rule.Note, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(SupportedKeys))]
    public void Knows_every_supported_key(KeyScope scope, string key)
    {
        var result = ComposeParser.Parse(
            Around(scope).Replace("KEY", key, StringComparison.Ordinal),
            new Dictionary<string, string>()
        );

        Assert.DoesNotContain(result.Errors, error => error.Code is ProblemCode.UnknownKey);
    }

    private static string Around(KeyScope scope) =>
        scope switch
        {
            KeyScope.File => "KEY: {}",
            KeyScope.Service => "services: {web: {KEY: x}}",
            KeyScope.Healthcheck => "services: {web: {image: a, healthcheck: {KEY: x}}}",
            KeyScope.Dependency => "services: {web: {image: a, depends_on: {db: {KEY: x}}}}",
            KeyScope.Deploy => "services: {web: {image: a, deploy: {KEY: x}}}",
            KeyScope.Resources => "services: {web: {image: a, deploy: {resources: {KEY: x}}}}",
            KeyScope.Limits => "services: {web: {image: a, deploy: {resources: {limits: {KEY: x}}}}}",
            KeyScope.Reservations => "services: {web: {image: a, deploy: {resources: {reservations: {KEY: x}}}}}",
            KeyScope.Mount => "services: {web: {image: a, volumes: [{KEY: x}]}}",
            KeyScope.MountOptions => "services: {web: {image: a, volumes: [{type: volume, volume: {KEY: x}}]}}",
            KeyScope.Port => "services: {web: {image: a, ports: [{KEY: x}]}}",
            KeyScope.TmpfsOptions => "services: {web: {image: a, volumes: [{type: tmpfs, target: /t, tmpfs: {KEY: x}}]}}",
            KeyScope.Logging => "services: {web: {image: a, logging: {KEY: x}}}",
            KeyScope.Ulimit => "services: {web: {image: a, ulimits: {nofile: {KEY: 1}}}}",
            KeyScope.ServiceNetwork => "services: {web: {image: a, networks: {default: {KEY: x}}}}",
            KeyScope.Grant => "services: {web: {image: a, secrets: [{KEY: x}]}}",
            KeyScope.EnvFile => "services: {web: {image: a, env_file: [{KEY: x}]}}",
            KeyScope.Extends => "services: {web: {image: a, extends: {KEY: x}}}",
            KeyScope.UpdateConfig => "services: {web: {image: a, deploy: {update_config: {KEY: x}}}}",
            KeyScope.RestartPolicy => "services: {web: {image: a, deploy: {restart_policy: {KEY: x}}}}",
            KeyScope.Volume => "volumes: {d: {KEY: x}}",
            KeyScope.Network => "networks: {d: {KEY: x}}",
            KeyScope.Ipam => "networks: {d: {ipam: {KEY: x}}}",
            KeyScope.Config => "configs: {d: {KEY: x}}",
            KeyScope.Secret => "secrets: {d: {KEY: x}}",
            KeyScope.External => "secrets: {d: {external: {KEY: x}}}",
            _ => throw new ArgumentOutOfRangeException(nameof(scope)),
        };

    [Fact]
    public void Has_a_note_that_ends_as_a_sentence_on_every_row()
    {
        Assert.All(KeyRules.All, rule => Assert.Matches(@"\.$", rule.Note));
        Assert.Equal(KeyRules.All.Length, KeyRules.All.Select(rule => rule.Path).Distinct().Count());
    }

    private static string Table() =>
        "\n| Key | Support | What it does, or the way out |\n|---|---|---|\n"
        + string.Concat(
            KeyRules.All.Select(rule =>
                $"| `{rule.Path}` | {rule.Support.ToString().ToLowerInvariant()} | {rule.Note.Replace("|", "\\|", StringComparison.Ordinal).Replace("dev.sam.*", "`dev.sam.*`", StringComparison.Ordinal).Replace("<<: *name", "`<<: *name`", StringComparison.Ordinal)} |\n"
            )
        );

    private static string Page([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs/compose.md"));
}
