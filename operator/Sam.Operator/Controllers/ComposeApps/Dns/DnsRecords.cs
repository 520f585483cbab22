using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Dns;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Controllers.ComposeApps.Dns;

/// <summary>What came of writing an app's records.</summary>
internal enum DnsWrite
{
    /// <summary>They are there.</summary>
    Written,

    /// <summary>The cluster does not know the kind.</summary>
    NoSuchKind,

    /// <summary>Somebody else has the name.</summary>
    NameTaken,
}

/// <summary>Writes an app's one DNSEndpoint, and remembers what it saw: a run that was woken for something else asks nothing. No informer: the kind may be missing.</summary>
[Rbac<DnsEndpoint>("get", "create", "patch", "delete")]
internal sealed class DnsRecords(IResourceClient<DnsEndpoint> endpoints, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (string Text, DateTimeOffset At)> _seen = new(StringComparer.Ordinal);

    /// <summary>Makes it so, if it was not seen so lately.</summary>
    public async Task<DnsWrite> WriteAsync(ComposeApp app, IReadOnlyList<DnsRecord> records, CancellationToken cancellationToken)
    {
        var (uid, text, now) = (app.Metadata.Uid, AppRecords.TextOf(records), time.GetUtcNow());
        if (_seen.TryGetValue(uid, out var seen) && seen.Text == text && now - seen.At < s_fresh)
            return DnsWrite.Written;
        var found = await endpoints.GetAsync(app.Metadata.NamespaceProperty, app.Metadata.Name, cancellationToken);
        if (found is not null && !AppRecords.IsOf(app, found))
            return DnsWrite.NameTaken;
        try
        {
            if (found is null)
                await endpoints.CreateAsync(AppRecords.New(app, records), cancellationToken);
            else if (AppRecords.TextOf(found.Spec.Endpoints) != text)
                await PatchAsync(found, records, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return DnsWrite.NoSuchKind;
        }

        _seen[uid] = (text, now);
        return DnsWrite.Written;
    }

    /// <summary>Takes it away, if it is there and the app's own.</summary>
    public async Task RemoveAsync(ComposeApp app, CancellationToken cancellationToken)
    {
        _seen.TryRemove(app.Metadata.Uid, out _);
        var (home, name) = (app.Metadata.NamespaceProperty, app.Metadata.Name);
        if (await endpoints.GetAsync(home, name, cancellationToken) is { } found && AppRecords.IsOf(app, found))
            await endpoints.DeleteAsync(home, name, found.Metadata.Uid, cancellationToken);
    }

    private Task<DnsEndpoint> PatchAsync(DnsEndpoint found, IReadOnlyList<DnsRecord> records, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = found.Metadata.ResourceVersion },
            ["spec"] = new JsonObject { ["endpoints"] = JsonSerializer.SerializeToNode(records) },
        };
        return endpoints.MergePatchAsync(
            found.Metadata.NamespaceProperty,
            found.Metadata.Name,
            patch.ToJsonString(),
            null,
            cancellationToken
        );
    }
}
