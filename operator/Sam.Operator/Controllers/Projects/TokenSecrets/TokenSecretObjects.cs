using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.Projects.TokenSecrets;

/// <summary>The Secrets of <c>spec.tokenSecrets</c>: what is ours, what we wrote into it, and no other one is ever touched.</summary>
[Rbac<V1Secret>("get", "list", "watch", "create", "update", "delete")]
internal sealed class TokenSecretObjects(IResourceClient<V1Secret> secrets, IResourceStore<MetadataOf<V1Secret>> seen)
{
    /// <summary>Value of the label that tells token Secrets from others.</summary>
    public const string Purpose = "token-secret";

    /// <summary>Reads one.</summary>
    public Task<V1Secret?> FindAsync(Project project, string name, CancellationToken cancellationToken) =>
        secrets.GetAsync(project.Metadata.NamespaceProperty, name, cancellationToken);

    /// <summary>Whether SAM made it for this very Project.</summary>
    public static bool IsOurs(V1ObjectMeta metadata, Project project) =>
        metadata.Labels?.TryGetValue(Names.Labels.Purpose, out var purpose) == true
        && purpose == Purpose
        && metadata.OwnerReferences?.Any(owner => owner.Uid == project.Metadata.Uid) == true;

    /// <summary>Whether it is as it was written, for this entry as it is now.</summary>
    public static bool IsIntact(V1Secret secret, TokenSecretSpec entry, string type) =>
        secret.Type == type && Annotation(secret, Names.Annotations.Content) == Content(entry, secret.Data ?? NoData);

    /// <summary>Whether it was written for this entry as it is now, whatever became of its values.</summary>
    public static bool IsFor(V1Secret secret, TokenSecretSpec entry) =>
        Annotation(secret, Names.Annotations.Content)?.Split('.')[0] == Ask(entry);

    /// <summary>Names of those that no entry asks for any more.</summary>
    public IReadOnlyList<(string Name, string Uid)> Leftovers(Project project) =>
        [
            .. seen.List(project.Metadata.NamespaceProperty)
                .Where(secret => IsOurs(secret.Metadata, project))
                .Where(secret =>
                    project.Metadata.DeletionTimestamp is not null
                    || project.Spec.TokenSecrets.All(entry => entry.Name != secret.Metadata.Name)
                )
                .Select(secret => (secret.Metadata.Name, secret.Metadata.Uid)),
        ];

    /// <summary>Removes one, if it is still the very same.</summary>
    public Task DropAsync(Project project, string name, string uid, CancellationToken cancellationToken) =>
        secrets.DeleteAsync(project.Metadata.NamespaceProperty, name, uid, cancellationToken);

    /// <summary>Writes one; nothing if it holds this already.</summary>
    public async Task WriteAsync(
        Project project,
        TokenSecretSpec entry,
        V1Secret? existing,
        string type,
        TokenSecretOutcome.Fresh fresh,
        CancellationToken cancellationToken
    )
    {
        var wanted = New(project, entry, type, fresh);
        if (existing is null)
        {
            await secrets.CreateAsync(wanted, cancellationToken);
            return;
        }
        if (existing.Type != type)
        {
            // The type of a Secret cannot be changed.
            await DropAsync(project, entry.Name, existing.Metadata.Uid, cancellationToken);
            await secrets.CreateAsync(wanted, cancellationToken);
            return;
        }
        if (IsIntact(existing, entry, type) && Annotation(existing, Names.Annotations.Token) == fresh.Fingerprint)
            return;
        wanted.Metadata.ResourceVersion = existing.Metadata.ResourceVersion;
        wanted.Metadata.Labels = Merged(existing.Metadata.Labels, wanted.Metadata.Labels);
        wanted.Metadata.Annotations = Merged(existing.Metadata.Annotations, wanted.Metadata.Annotations);
        await secrets.UpdateAsync(wanted, cancellationToken);
    }

    /// <summary>A short hash.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    private static Dictionary<string, byte[]> NoData => [];

    private static V1Secret New(Project project, TokenSecretSpec entry, string type, TokenSecretOutcome.Fresh fresh)
    {
        var data = fresh.Data.ToDictionary(StringComparer.Ordinal);
        return new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = type,
            Data = data,
            Metadata = new V1ObjectMeta
            {
                Name = entry.Name,
                NamespaceProperty = project.Metadata.NamespaceProperty,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Names.Labels.Project] = project.Metadata.Name,
                    [Names.Labels.Purpose] = Purpose,
                },
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Names.Annotations.ExpiresAt] = fresh.EndsAt.UtcDateTime.ToString(
                        "yyyy-MM-ddTHH:mm:ssZ",
                        CultureInfo.InvariantCulture
                    ),
                    [Names.Annotations.Token] = fresh.Fingerprint,
                    [Names.Annotations.Content] = Content(entry, data),
                },
                OwnerReferences =
                [
                    new V1OwnerReference
                    {
                        ApiVersion = Names.ApiVersion,
                        Kind = nameof(Project),
                        Name = project.Metadata.Name,
                        Uid = project.Metadata.Uid,
                        Controller = true,
                    },
                ],
            },
        };
    }

    // Two halves: what was asked for, and what was written for it.
    private static string Content(TokenSecretSpec entry, IDictionary<string, byte[]> data)
    {
        using var bytes = new MemoryStream();
        foreach (var (key, value) in data.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            bytes.Write(Encoding.UTF8.GetBytes($"{key}\n{value.Length}\n"));
            bytes.Write(value);
        }
        return $"{Ask(entry)}.{Hash(bytes.ToArray())}";
    }

    private static string Ask(TokenSecretSpec entry) =>
        Hash(
            Encoding.UTF8.GetBytes(
                $"{entry.Kind} {entry.Form} {entry.Registry} {entry.Lifetime.Value} {string.Join(',', entry.Repositories ?? [])} "
                    + string.Join(
                        ',',
                        (entry.Permissions ?? new Dictionary<string, string>())
                            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                            .Select(pair => $"{pair.Key}={pair.Value}")
                    )
            )
        );

    private static string? Annotation(V1Secret secret, string key) =>
        secret.Metadata.Annotations?.TryGetValue(key, out var value) == true ? value : null;

    private static Dictionary<string, string> Merged(IDictionary<string, string>? theirs, IDictionary<string, string> ours)
    {
        var merged = new Dictionary<string, string>(theirs ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (key, value) in ours)
            merged[key] = value;
        return merged;
    }
}
