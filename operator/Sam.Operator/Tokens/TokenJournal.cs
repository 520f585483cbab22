using System.Collections.Immutable;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Crds;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Tokens;

/// <summary>
/// The tokens that live, one Secret per owner in the operator's namespace, written before a token is handed out: whoever comes after us finds
/// there what has to end. Entries have keys of their own, so that no write can lose another one.
/// </summary>
[Rbac<V1Secret>("get", "create", "patch", "delete", InOwnNamespace = true)]
internal sealed class TokenJournal(IResourceClient<V1Secret> secrets, OperatorNamespace home)
{
    /// <summary>Value of the label that tells journals from other Secrets.</summary>
    public const string Purpose = "tokens";

    /// <summary>Name of an owner's journal.</summary>
    public static string NameOf(string ownerUid) => $"tokens-{ownerUid}";

    /// <summary>Whose journal it is, by its metadata; null if it is none.</summary>
    public TokenOwner? OwnerOf(IKubernetesObject<V1ObjectMeta> secret)
    {
        var metadata = secret.Metadata;
        if (
            metadata.NamespaceProperty != home.Name
            || metadata.Labels?.TryGetValue(Names.Labels.Purpose, out var purpose) != true
            || purpose != Purpose
        )
            return null;
        string Text(string key) => metadata.Annotations?.TryGetValue(key, out var value) == true ? value : "";
        return new TokenOwner(
            Text(Names.Annotations.OwnerKind),
            Text(Names.Annotations.OwnerNamespace),
            Text(Names.Annotations.OwnerName),
            Text(Names.Annotations.OwnerUid)
        );
    }

    /// <summary>Everything that an owner's journal holds; a damaged line is left out, for no one could use it.</summary>
    public async Task<ImmutableArray<JournalEntry>> ReadAsync(string ownerUid, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(home.Name, NameOf(ownerUid), cancellationToken);
        return [.. (secret?.Data?.Values ?? []).Select(JournalEntry.Read).OfType<JournalEntry>()];
    }

    /// <summary>Makes an entry durable.</summary>
    public async Task AddAsync(TokenOwner owner, JournalEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync(owner.Uid, entry.Secret.Fingerprint, Convert.ToBase64String(entry.Write()), cancellationToken);
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound)
        {
            await secrets.CreateAsync(New(owner, entry), cancellationToken);
        }
    }

    /// <summary>Forgets an entry whose token is dead.</summary>
    public async Task RemoveAsync(string ownerUid, JournalEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync(ownerUid, entry.Secret.Fingerprint, null, cancellationToken);
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound)
        {
            return; // the journal is gone, and the entry with it
        }
    }

    /// <summary>Removes a journal that holds nothing that lives.</summary>
    public Task DropAsync(string ownerUid, CancellationToken cancellationToken) =>
        secrets.DeleteAsync(home.Name, NameOf(ownerUid), null, cancellationToken);

    private Task<V1Secret> PatchAsync(string ownerUid, string key, string? value, CancellationToken cancellationToken) =>
        secrets.MergePatchAsync(
            home.Name,
            NameOf(ownerUid),
            new JsonObject { ["data"] = new JsonObject { [key] = value } }.ToJsonString(),
            null,
            cancellationToken
        );

    private V1Secret New(TokenOwner owner, JournalEntry entry) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = "Opaque",
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(owner.Uid),
                NamespaceProperty = home.Name,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.Purpose] = Purpose },
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Names.Annotations.OwnerKind] = owner.Kind,
                    [Names.Annotations.OwnerNamespace] = owner.Namespace,
                    [Names.Annotations.OwnerName] = owner.Name,
                    [Names.Annotations.OwnerUid] = owner.Uid,
                },
            },
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [entry.Secret.Fingerprint] = entry.Write() },
        };
}
