using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Testing;

namespace Sam.Integration.Tests.Projects;

/// <summary>What status says of a credential's source is what is really used: by the account that a server is bought in, and by the keys that model providers see.</summary>
public sealed class ShownIsUsedTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly CredentialFixture[] Fixtures =
    [
        new("own entry, raw")
        {
            Entry = Raw,
            Namespace = Raw,
            Platform = Raw,
            Expected = CredentialSource.Project,
        },
        new("own entry, JSON text")
        {
            Entry = JsonText,
            Platform = Raw,
            Expected = CredentialSource.Project,
        },
        new("own entry, JSON object")
        {
            Entry = JsonObject,
            Namespace = Raw,
            Expected = CredentialSource.Project,
        },
        new("own entry, line break at its end") { Entry = value => value + "\n", Expected = CredentialSource.Project },
        new("namespace, raw")
        {
            Namespace = Raw,
            Platform = Raw,
            Expected = CredentialSource.Namespace,
        },
        new("namespace, JSON object") { Namespace = JsonObject, Expected = CredentialSource.Namespace },
        new("platform") { Platform = Raw, Expected = CredentialSource.Platform },
        new("platform, JSON text") { Platform = JsonText, Expected = CredentialSource.Platform },
        new("platform that the Project does not want")
        {
            Platform = Raw,
            Policy = CredentialPolicy.OwnOnly,
            Expected = CredentialSource.Unresolved,
            Reason = "PlatformNotAllowed",
        },
        new("platform that the policy does not give")
        {
            Platform = Raw,
            PolicyAllows = false,
            Expected = CredentialSource.Unresolved,
            Reason = "PlatformNotAllowed",
        },
        new("none") { Expected = CredentialSource.Unresolved, Reason = "NotConfigured" },
        new("disabled entry")
        {
            Entry = Raw,
            EntryEnabled = false,
            Namespace = Raw,
            Platform = Raw,
            Expected = CredentialSource.Halted,
            Reason = "CredentialInactive",
        },
        new("entry without its Secret")
        {
            Entry = Raw,
            EntrySecretExists = false,
            Namespace = Raw,
            Platform = Raw,
            Expected = CredentialSource.Halted,
            Reason = "SecretNotFound",
        },
        new("unreadable entry")
        {
            Entry = _ => "{broken",
            Namespace = Raw,
            Platform = Raw,
            Expected = CredentialSource.Halted,
            Reason = "SecretUnreadable",
        },
        new("entry of another provider")
        {
            Entry = value => $$"""{"provider": "elsewhere", "token": "{{value}}"}""",
            Namespace = Raw,
            Expected = CredentialSource.Halted,
            Reason = "WrongProvider",
        },
        new("disabled namespace Secret")
        {
            Namespace = Raw,
            NamespaceDisabled = true,
            Platform = Raw,
            Expected = CredentialSource.Halted,
            Reason = "CredentialInactive",
        },
        new("unreadable namespace Secret")
        {
            Namespace = _ => """{"token": 7}""",
            Platform = Raw,
            Expected = CredentialSource.Halted,
            Reason = "SecretUnreadable",
        },
        new("disabled platform Secret")
        {
            Platform = Raw,
            PlatformDisabled = true,
            Expected = CredentialSource.Halted,
            Reason = "CredentialInactive",
        },
        new("unreadable platform Secret")
        {
            Platform = _ => "",
            Expected = CredentialSource.Halted,
            Reason = "SecretUnreadable",
        },
    ];

    public static TheoryData<string> Names => [.. Fixtures.Select(fixture => fixture.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task The_source_that_is_shown_is_the_source_that_is_used(string name)
    {
        var fixture = Fixtures.Single(candidate => candidate.Name == name);
        await fixture.CreateAsync(Host, Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        var project = await Expect.ThatAsync<Project>(
            "acme",
            seen => CredentialFixture.Consumers.All(consumer => IsShown(seen, consumer, fixture)),
            $"{fixture.Expected} {fixture.Reason} for every consumer",
            Cancel
        );

        var layer = LayerOf(fixture.Expected);
        if (layer is null)
            await Expect.ConditionAsync<DeploymentNode>("edge", "ProviderManageable", "False", "TokenMissing", Cancel);
        else
            await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        Assert.Equal(layer is null ? [] : [layer], Accounts());
        await Expect.ThatAsync<Project>(
            "acme",
            seen => Expect.Find(seen, "CredentialsValid")?.Reason is "Accepted" or "NothingToProbe",
            "knows what providers say",
            Cancel
        );
        // The platform's keys are not tried for a Project; its own are, and nothing but them.
        Assert.Equal(
            fixture.Expected is CredentialSource.Project or CredentialSource.Namespace
                ? CredentialFixture
                    .Consumers.Except(["hetzner"])
                    .Select(consumer => CredentialFixture.Value(layer!, consumer))
                    .Order()
                : [],
            Host.Models.Asked.Select(call => call.Key).Distinct().Order()
        );
        Assert.DoesNotContain("0000000000", await Kube.TextAsync<Project>(Cancel), StringComparison.Ordinal);
        Assert.Equal(
            fixture.Expected,
            project.Status.Agents.Single(agent => agent.Type == AgentType.ClaudeCode).CredentialSource
        );
    }

    private static string Raw(string value) => value;

    private static string JsonText(string value) => $"\"{value}\"";

    private static string JsonObject(string value) => $$"""{"apiKey": "{{value}}"}""";

    private static bool IsShown(Project project, string consumer, CredentialFixture fixture) =>
        project.Status.Credentials.FirstOrDefault(shown => shown.Consumer == consumer) is { } shown
            ? shown.Source == fixture.Expected && shown.Reason == fixture.Reason
            // A consumer of which nothing within reach speaks is not shown, which says the same.
            : consumer != "hetzner" && project.Status.Credentials.Count > 0 && fixture.Expected == CredentialSource.Unresolved;

    private static string? LayerOf(CredentialSource source) =>
        source switch
        {
            CredentialSource.Project => "entry",
            CredentialSource.Namespace => "namespace",
            CredentialSource.Platform => "platform",
            _ => null,
        };

    private IEnumerable<string> Accounts() =>
        ((string[])["default", "entry", "namespace", "platform"]).Where(account => Hetzner.ServersCreated(account) > 0);
}
