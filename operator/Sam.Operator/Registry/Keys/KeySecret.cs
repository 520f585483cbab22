using k8s.Models;
using Sam.Crds;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Keys;

/// <summary>
/// Keeps the ring in a Secret of the operator's namespace. Every write is conditional: of two processes that rotate at once one is refused and
/// reads again.
/// </summary>
[Rbac<V1Secret>("get", "create", "update", InOwnNamespace = true)]
internal sealed class KeySecret(IKubernetesTransport transport, OperatorNamespace home)
{
    /// <summary>Name of the Secret.</summary>
    public const string Name = "sam-registry-signer";

    // Not bound to leadership: a replica that only answers logins signs too, and whoever comes first makes the first key.
    private readonly KubernetesResourceClient<V1Secret> _secrets = new(transport, new AlwaysLeader(), []);

    /// <summary>A ring as it was read.</summary>
    /// <param name="Ring">The ring.</param>
    /// <param name="Request">The rotation that is asked for; empty if none is.</param>
    /// <param name="Secret">Its Secret, with the version that a write depends on.</param>
    public sealed record Kept(KeyRing Ring, string Request, V1Secret Secret);

    /// <summary>Reads the ring, or makes the first one.</summary>
    /// <exception cref="InvalidDataException">The Secret is no ring; it is never overwritten.</exception>
    public async Task<Kept> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var secret = await _secrets.GetAsync(home.Name, Name, cancellationToken) ?? await CreateAsync(now, cancellationToken);
        try
        {
            var ring =
                secret.Data?.TryGetValue(KeyDocument.Key, out var json) == true
                    ? KeyDocument.Read(json)
                    : throw new InvalidDataException($"it has no key {KeyDocument.Key}");
            return new Kept(
                ring,
                secret.Metadata.Annotations?.TryGetValue(Names.Annotations.Rotate, out var asked) == true ? asked : "",
                secret
            );
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException(
                $"Secret {home.Name}/{Name}: {fault.Message}; restore it, or delete it and let the registries read the new key",
                fault
            );
        }
    }

    /// <summary>Writes another ring in place of one; refused with a conflict if somebody else was faster.</summary>
    public async Task<Kept> WriteAsync(Kept kept, KeyRing ring, CancellationToken cancellationToken)
    {
        var changed = Copy.Of(kept.Secret);
        changed.Data = Data(ring);
        return kept with { Ring = ring, Secret = await _secrets.UpdateAsync(changed, cancellationToken) };
    }

    private async Task<V1Secret> CreateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var secret = new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = "Opaque",
            Metadata = new V1ObjectMeta
            {
                Name = Name,
                NamespaceProperty = home.Name,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.Purpose] = "registry-signer" },
            },
            Data = Data(KeyRotation.Begin(now)),
        };
        try
        {
            return await _secrets.CreateAsync(secret, cancellationToken);
        }
        catch (KubernetesApiException fault) when (fault.IsAlreadyExists)
        {
            return await _secrets.GetAsync(home.Name, Name, cancellationToken)
                ?? throw new InvalidOperationException($"Secret {home.Name}/{Name} came and went", fault);
        }
    }

    private static Dictionary<string, byte[]> Data(KeyRing ring) =>
        new(StringComparer.Ordinal) { [KeyDocument.Key] = KeyDocument.Write(ring) };
}
