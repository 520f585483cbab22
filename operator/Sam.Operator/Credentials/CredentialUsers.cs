using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;

namespace Sam.Operator.Credentials;

/// <summary>
/// Whom a Secret concerns as a credential, by its metadata alone: the Projects that name it or would take it by its label. The mirror of
/// <see cref="ProviderTokens"/>; who is found here resolves again, and reads the value then.
/// </summary>
[Rbac<V1Secret>("list", "watch")]
internal static class CredentialUsers
{
    private const string Hetzner = "hetzner";
    private const string BySecret = "secret";

    /// <summary>Finds Projects by the Secrets that they name.</summary>
    public static IndexDefinition<Project> Index { get; } =
        new(
            BySecret,
            project =>
                project
                    .Spec.Credentials.Select(entry => entry.SecretRef.Name)
                    .Distinct()
                    .Select(name => Key(project.Metadata.NamespaceProperty, name))
        );

    /// <summary>The Projects that show this Secret or would.</summary>
    public static IEnumerable<Project> Projects(MetadataOf<V1Secret> secret, IStores stores)
    {
        var home = secret.Metadata.NamespaceProperty;
        var named = stores.Of<Project>().ByIndex(BySecret, Key(home, secret.Metadata.Name));
        return IsForHetzner(secret)
            ? named.Union(stores.Of<Project>().List(home).Where(project => Entry(project) is null))
            : named;
    }

    /// <summary>Those of them whose servers it pays, or would.</summary>
    public static IEnumerable<Project> Payers(MetadataOf<V1Secret> secret, IStores stores) =>
        Projects(secret, stores)
            .Where(project => Entry(project) is not { } entry || entry.SecretRef.Name == secret.Metadata.Name);

    /// <summary>Whether it pays for what names no Project.</summary>
    public static bool IsForHetzner(MetadataOf<V1Secret> secret) =>
        secret.Metadata.Labels?.TryGetValue(Names.Labels.Credential, out var consumer) == true && consumer == Hetzner;

    private static ProjectCredential? Entry(Project project) =>
        project.Spec.Credentials.FirstOrDefault(entry => entry.Consumer == Hetzner);

    private static string Key(string home, string name) => $"{home}/{name}";
}
