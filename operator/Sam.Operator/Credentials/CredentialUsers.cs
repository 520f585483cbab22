using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Installation;
using Sam.Rules.Credentials;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;

namespace Sam.Operator.Credentials;

/// <summary>
/// Whom a Secret concerns as a credential, by its metadata alone: the Projects that name it or would take it by its label. The mirror of
/// <see cref="CredentialSources"/>; who is found here resolves again, and reads the value then.
/// </summary>
/// <param name="platform">Where the platform's own Secrets are.</param>
[Rbac<V1Secret>("list", "watch")]
internal sealed class CredentialUsers(OperatorNamespace platform)
{
    private const string BySecret = "secret";

    /// <summary>Finds Projects by the Secrets that they name.</summary>
    public static IndexDefinition<Project> Index { get; } =
        new(
            BySecret,
            project => EntryOf.SecretNames(project, consumer: null).Select(name => Key(project.Metadata.NamespaceProperty, name))
        );

    /// <summary>The Projects that show this Secret or would.</summary>
    public IEnumerable<Project> Projects(MetadataOf<V1Secret> secret, IStores stores)
    {
        var home = secret.Metadata.NamespaceProperty;
        IEnumerable<Project> named = stores.Of<Project>().ByIndex(BySecret, Key(home, secret.Metadata.Name));
        if (ConsumerOf(secret) is not { } consumer)
            return named;
        var takers = home == platform.Name ? named.Union(Guests(stores)) : named;
        return takers
            .Union(stores.Of<Project>().List(home))
            .Where(project => Names(project, secret) || !HasEntry(project, consumer));
    }

    /// <summary>Those of them whose servers it pays, or would.</summary>
    public IEnumerable<Project> Payers(MetadataOf<V1Secret> secret, IStores stores) =>
        Projects(secret, stores)
            .Where(project =>
                project.Spec.Credentials.FirstOrDefault(entry => entry.Consumer == Consumers.Hetzner) is { } entry
                    ? entry.SecretRef.Name == secret.Metadata.Name
                        && project.Metadata.NamespaceProperty == secret.Metadata.NamespaceProperty
                    : IsForHetzner(secret)
            );

    /// <summary>Whether it pays for what names no Project.</summary>
    public static bool IsForHetzner(MetadataOf<V1Secret> secret) => ConsumerOf(secret) == Consumers.Hetzner;

    private static IEnumerable<Project> Guests(IStores stores) =>
        stores.Of<Project>().List().Where(project => project.Spec.CredentialPolicy == CredentialPolicy.AllowPlatform);

    private static string? ConsumerOf(MetadataOf<V1Secret> secret) =>
        secret.Metadata.Labels?.TryGetValue(Crds.Names.Labels.Credential, out var consumer) == true ? consumer : null;

    private static bool Names(Project project, MetadataOf<V1Secret> secret) =>
        project.Metadata.NamespaceProperty == secret.Metadata.NamespaceProperty
        && EntryOf.SecretNames(project, consumer: null).Contains(secret.Metadata.Name, StringComparer.Ordinal);

    private static bool HasEntry(Project project, string consumer) =>
        EntryOf.Consumers(project).Contains(consumer, StringComparer.Ordinal);

    private static string Key(string home, string name) => $"{home}/{name}";
}
