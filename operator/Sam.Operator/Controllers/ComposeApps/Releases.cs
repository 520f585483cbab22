using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using k8s.Models;
using Sam.Compose.Model;
using Sam.Compose.Rendering;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Releases in the cluster: numbered, immutable Secrets beside their app, with the variables they ran with.</summary>
[Rbac<V1Secret>("get", "list", "create", "delete")]
internal sealed class Releases(IResourceClient<V1Secret> secrets)
{
    private const string ContentKey = "release.json";
    private const string SourceKey = "sourceHash";

    // Immutable, so a read once is a read for ever; bounded by the releases that are kept.
    private readonly ConcurrentDictionary<(string Uid, long Number), ReleaseSpec> _known = new();

    /// <summary>One release; null if it is not kept.</summary>
    public async Task<ReleaseSpec?> FindAsync(ComposeApp app, long number, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((app.Metadata.Uid, number), out var known))
            return known;
        var secret = await secrets.GetAsync(app.Metadata.NamespaceProperty, NameOf(app, number), cancellationToken);
        return secret is null || !IsOf(app, secret) ? null : Remember(app, number, Text(secret, ContentKey));
    }

    /// <summary>Records a release under the next free number; the one that a crashed run recorded from the same source is taken as it is.</summary>
    public async Task<long> RecordAsync(
        ComposeApp app,
        string sourceHash,
        ReleaseSpec release,
        CancellationToken cancellationToken
    )
    {
        var json = ReleaseJson.Render(release);
        for (var number = app.Status.Releases.Select(kept => kept.Number).DefaultIfEmpty(0).Max() + 1; ; number++)
        {
            try
            {
                await secrets.CreateAsync(New(app, number, sourceHash, json), cancellationToken);
                Remember(app, number, json);
                return number;
            }
            catch (KubernetesApiException e) when (e.Code == 409)
            {
                var existing = await secrets.GetAsync(app.Metadata.NamespaceProperty, NameOf(app, number), cancellationToken);
                if (existing is null || !IsOf(app, existing) || Text(existing, SourceKey) != sourceHash)
                    continue;
                Remember(app, number, Text(existing, ContentKey));
                return number;
            }
        }
    }

    /// <summary>Forgets one release.</summary>
    public async Task DropAsync(ComposeApp app, long number, CancellationToken cancellationToken)
    {
        await secrets.DeleteAsync(app.Metadata.NamespaceProperty, NameOf(app, number), null, cancellationToken);
        _known.TryRemove((app.Metadata.Uid, number), out _);
    }

    /// <summary>Forgets all releases of an app, also those that no status knows of.</summary>
    public async Task DropAllAsync(ComposeApp app, CancellationToken cancellationToken)
    {
        var selector = $"{Names.Labels.App}={app.Metadata.Name}";
        foreach (var secret in await secrets.ListAsync(app.Metadata.NamespaceProperty, selector, cancellationToken))
        {
            if (IsOf(app, secret))
                await secrets.DeleteAsync(
                    secret.Metadata.NamespaceProperty,
                    secret.Metadata.Name,
                    secret.Metadata.Uid,
                    cancellationToken
                );
        }

        foreach (var key in _known.Keys.Where(key => key.Uid == app.Metadata.Uid))
            _known.TryRemove(key, out _);
    }

    private static string NameOf(ComposeApp app, long number) => $"{app.Metadata.Name}-release-{number}";

    private static bool IsOf(ComposeApp app, V1Secret secret) =>
        secret.Metadata.OwnerReferences?.Any(owner => owner.Uid == app.Metadata.Uid) == true;

    private static string Text(V1Secret secret, string key) =>
        secret.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : "";

    private ReleaseSpec Remember(ComposeApp app, long number, string json) =>
        _known[(app.Metadata.Uid, number)] = ReleaseJson.Parse(json);

    private static V1Secret New(ComposeApp app, long number, string sourceHash, string json) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Type = Names.ReleaseSecretType,
            Immutable = true,
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(app, number),
                NamespaceProperty = app.Metadata.NamespaceProperty,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Names.Labels.App] = app.Metadata.Name,
                    [Names.Labels.Release] = number.ToString(CultureInfo.InvariantCulture),
                },
                OwnerReferences =
                [
                    new V1OwnerReference
                    {
                        ApiVersion = Names.ApiVersion,
                        Kind = "ComposeApp",
                        Name = app.Metadata.Name,
                        Uid = app.Metadata.Uid,
                        Controller = true,
                    },
                ],
            },
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [ContentKey] = Encoding.UTF8.GetBytes(json),
                [SourceKey] = Encoding.UTF8.GetBytes(sourceHash),
            },
        };
}
