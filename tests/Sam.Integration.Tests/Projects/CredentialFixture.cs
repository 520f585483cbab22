using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Rules.Policy;
using Sam.Testing;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Projects;

/// <summary>One way in which credentials may lie in the layers; every consumer has them alike, each layer with a value of its own.</summary>
internal sealed record CredentialFixture(string Name)
{
    public static readonly string[] Consumers = ["hetzner", "anthropic", "openai", "google"];

    /// <summary>What an entry's Secret holds; null for no entry.</summary>
    public Func<string, string>? Entry { get; init; }

    /// <summary>The entry is enabled.</summary>
    public bool EntryEnabled { get; init; } = true;

    /// <summary>The entry's Secret exists.</summary>
    public bool EntrySecretExists { get; init; } = true;

    /// <summary>What the namespace's labelled Secret holds; null for none.</summary>
    public Func<string, string>? Namespace { get; init; }

    /// <summary>The namespace's Secret is a tombstone.</summary>
    public bool NamespaceDisabled { get; init; }

    /// <summary>What the platform's labelled Secret holds; null for none.</summary>
    public Func<string, string>? Platform { get; init; }

    /// <summary>The platform's Secret is a tombstone.</summary>
    public bool PlatformDisabled { get; init; }

    /// <summary>What the Project lets itself have.</summary>
    public CredentialPolicy Policy { get; init; } = CredentialPolicy.AllowPlatform;

    /// <summary>What the platform policy gives.</summary>
    public bool PolicyAllows { get; init; } = true;

    /// <summary>Where every consumer's credential must come from.</summary>
    public required CredentialSource Expected { get; init; }

    /// <summary>Why, in one word.</summary>
    public string Reason { get; init; } = "Resolved";

    public override string ToString() => Name;

    /// <summary>A value that says where it lies; for Hetzner it opens the account of that name.</summary>
    public static string Value(string layer, string consumer) => $"{layer}-{consumer}-{new string('0', 40)}";

    /// <summary>Puts everything where the fixture says.</summary>
    public async Task CreateAsync(OperatorHost host, CancellationToken cancellationToken)
    {
        host.Policy = PolicyAllows
            ? new PlatformPolicy
            {
                Rules =
                [
                    new PolicyRule
                    {
                        Name = "all",
                        Namespaces = ["*"],
                        PlatformCredentials = ["*"],
                    },
                ],
            }
            : PlatformPolicy.Default;
        foreach (var layer in (string[])["entry", "namespace", "platform"])
            host.Hetzner.Know(new(Value(layer, "hetzner"), layer));
        foreach (var consumer in Consumers)
        {
            if (Entry is not null && EntrySecretExists)
                await host.Kube.CreateAsync(
                    A.Secret($"entry-{consumer}", ("token", Entry(Value("entry", consumer)))),
                    cancellationToken
                );
            if (Namespace is not null)
                await host.Kube.CreateAsync(
                    Labelled(consumer, Namespace(Value("namespace", consumer)), NamespaceDisabled),
                    cancellationToken
                );
            if (Platform is not null)
                await host.System.CreateAsync(
                    Labelled(consumer, Platform(Value("platform", consumer)), PlatformDisabled),
                    cancellationToken
                );
        }

        await host.Kube.CreateAsync(Project(), cancellationToken);
    }

    private Project Project() =>
        A.Project()
            .With(project => project.Spec.CredentialPolicy = Policy)
            .With(project =>
                project.Spec.Credentials = [
                    .. (Entry is null ? [] : Consumers).Select(consumer => new ProjectCredential
                    {
                        Consumer = consumer,
                        Enabled = EntryEnabled,
                        SecretRef = new SecretKeyReference { Name = $"entry-{consumer}" },
                    }),
                ]
            );

    private static V1Secret Labelled(string consumer, string value, bool disabled) =>
        A.Secret($"layer-{consumer}", ("token", value))
            .With(secret =>
            {
                secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = consumer };
                if (disabled)
                    secret.Metadata.Annotations = new Dictionary<string, string> { [Names.Labels.Enabled] = "false" };
            });
}
