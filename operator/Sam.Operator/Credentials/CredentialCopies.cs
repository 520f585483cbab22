using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Credentials;

/// <summary>Copies of provider tokens in the operator's namespace, one a Machine, kept until its server is gone.</summary>
[Rbac<V1Secret>("get", "list", "create", "update", "delete", InOwnNamespace = true)]
internal sealed class CredentialCopies(IResourceClient<V1Secret> secrets, OperatorNamespace home)
{
    private const string Key = "token";
    private const string Purpose = "machine-credential";

    /// <summary>Name of a Machine's copy.</summary>
    public static string NameOf(string machineId) => $"machine-{machineId}";

    /// <summary>The kept token; null if there is none.</summary>
    public async Task<ProviderToken?> FindAsync(string machineId, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(home.Name, NameOf(machineId), cancellationToken);
        return secret?.Data?.TryGetValue(Key, out var value) == true
            ? new ProviderToken(
                new HetznerToken(Encoding.UTF8.GetString(value)),
                $"the kept copy {home.Name}/{NameOf(machineId)}",
                CredentialSource.Unresolved,
                IsCopy: true
            )
            : null;
    }

    /// <summary>Every kept token.</summary>
    public async Task<IEnumerable<HetznerToken>> ListAsync(CancellationToken cancellationToken)
    {
        var kept = await secrets.ListAsync(home.Name, $"{Names.Labels.Purpose}={Purpose}", cancellationToken);
        return kept.Where(secret => secret.Data?.ContainsKey(Key) == true)
            .Select(secret => new HetznerToken(Encoding.UTF8.GetString(secret.Data[Key])));
    }

    /// <summary>Keeps this token for the Machine; writes only if it is not the kept one.</summary>
    public async Task KeepAsync(string machineId, HetznerToken token, CancellationToken cancellationToken)
    {
        var existing = await secrets.GetAsync(home.Name, NameOf(machineId), cancellationToken);
        var value = Encoding.UTF8.GetBytes(token.Reveal());
        if (existing is null)
        {
            await secrets.CreateAsync(New(machineId, value), cancellationToken);
            return;
        }

        if (existing.Data?.TryGetValue(Key, out var kept) == true && kept.AsSpan().SequenceEqual(value))
            return;
        existing.Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [Key] = value };
        await secrets.UpdateAsync(existing, cancellationToken);
    }

    /// <summary>Removes the copy.</summary>
    public Task DropAsync(string machineId, CancellationToken cancellationToken) =>
        secrets.DeleteAsync(home.Name, NameOf(machineId), null, cancellationToken);

    private V1Secret New(string machineId, byte[] value) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = "Opaque",
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(machineId),
                NamespaceProperty = home.Name,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.Purpose] = Purpose },
            },
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [Key] = value },
        };
}
