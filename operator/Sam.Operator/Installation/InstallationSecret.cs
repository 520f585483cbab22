using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Operator.Installation;

/// <summary>Loads the installation's Secret, or makes it once. Losing it means losing the way to every engine; back it up.</summary>
[Rbac<V1Secret>("get", "create", InOwnNamespace = true)]
internal sealed class InstallationSecret(
    IKubernetesTransport transport,
    OperatorNamespace home,
    InstallationIdentity identity,
    TimeProvider timeProvider
)
{
    // Before leadership on purpose: of two creates one is refused, so that nothing can be made twice.
    private readonly KubernetesResourceClient<V1Secret> _secrets = new(transport, new AlwaysLeader(), []);

    /// <summary>Name of the Secret.</summary>
    public const string Name = "sam-installation";

    /// <summary>Loads or makes it. Two operators that start at once end with the same one: the second create is refused.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var secret = await _secrets.GetAsync(home.Name, Name, cancellationToken) ?? await CreateAsync(cancellationToken);
        string Text(string key) =>
            secret.Data?.TryGetValue(key, out var value) == true
                ? Encoding.UTF8.GetString(value)
                : throw new InvalidOperationException($"Secret {home.Name}/{Name} has no key {key}; restore it from a backup");
        identity.Load(
            Text("id"),
            new EngineIdentity(Convert.FromBase64String(Text("engineSecret"))),
            OperatorIdentity.Parse(
                new OperatorIdentityPems(Text("ca.crt"), Text("ca.key"), Text("client.crt"), Text("client.key"), "")
            ),
            secret.Metadata.Uid,
            secret.Metadata.CreationTimestamp ?? timeProvider.GetUtcNow()
        );
    }

    private async Task<V1Secret> CreateAsync(CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var pems = OperatorIdentity.Create(id, timeProvider.GetUtcNow());
        var secret = new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = "Opaque",
            Metadata = new V1ObjectMeta
            {
                Name = Name,
                NamespaceProperty = home.Name,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.Purpose] = "installation" },
            },
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                ["id"] = Encoding.UTF8.GetBytes(id),
                ["engineSecret"] = Encoding.UTF8.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
                ["ca.crt"] = Encoding.UTF8.GetBytes(pems.AuthorityCertificate),
                ["ca.key"] = Encoding.UTF8.GetBytes(pems.AuthorityKey),
                ["client.crt"] = Encoding.UTF8.GetBytes(pems.ClientCertificate),
                ["client.key"] = Encoding.UTF8.GetBytes(pems.ClientKey),
            },
        };
        try
        {
            return await _secrets.CreateAsync(secret, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            return await _secrets.GetAsync(home.Name, Name, cancellationToken)
                ?? throw new InvalidOperationException($"Secret {home.Name}/{Name} came and went", e);
        }
    }
}
