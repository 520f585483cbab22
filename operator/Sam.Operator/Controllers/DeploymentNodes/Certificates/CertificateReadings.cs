using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;

namespace Sam.Operator.Controllers.DeploymentNodes.Certificates;

/// <summary>Reads hosts' certificates from Caddy's files, each again only when it may have changed.</summary>
internal sealed class CertificateReadings(TimeProvider timeProvider)
{
    // A node of many new hosts is not held up: the rest follows a moment later.
    private const int MostAtOnce = 20;

    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, CertificateReading>> _known = new(
        StringComparer.Ordinal
    );

    /// <summary>What is known of the hosts; those that were not read yet are missing.</summary>
    public async Task<ImmutableDictionary<string, CertificateReading>> ReadAsync(
        DeploymentNode node,
        IReadOnlyList<string> hosts,
        (IMachineLink Link, string CaddyId) at,
        CancellationToken cancellationToken
    )
    {
        var now = timeProvider.GetUtcNow();
        var key = node.Status.MachineId!;
        var known = _known.GetValueOrDefault(key, ImmutableDictionary<string, CertificateReading>.Empty);
        // By the file: another authority's certificate is another one.
        var paths = hosts.ToDictionary(host => host, host => CertificatePath.Of(node, host), StringComparer.Ordinal);
        known = known.RemoveRange(known.Keys.Except(paths.Values));
        var due = hosts
            .Where(host => !known.TryGetValue(paths[host], out var reading) || reading.Until(now) <= now)
            // Those that wait longest first, so that many without a certificate do not keep the others from being seen.
            .OrderBy(host => known.GetValueOrDefault(paths[host])?.At ?? DateTimeOffset.MinValue)
            .Take(MostAtOnce)
            .ToList();
        foreach (var host in due)
        {
            var pem = await at.Link.GetFileAsync(at.CaddyId, paths[host], cancellationToken);
            known = known.SetItem(
                paths[host],
                pem is null ? CertificateReading.Missing(now) : CertificateReading.Parse(pem, now)
            );
        }

        _known[key] = known;
        return paths
            .Where(path => known.ContainsKey(path.Value))
            .ToImmutableDictionary(path => path.Key, path => known[path.Value], StringComparer.Ordinal);
    }

    /// <summary>Forgets a Machine that is gone.</summary>
    public void Forget(string machineId) => _known.TryRemove(machineId, out _);
}
