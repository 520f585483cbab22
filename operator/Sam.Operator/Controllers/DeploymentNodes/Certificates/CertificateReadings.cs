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
        known = known.RemoveRange(known.Keys.Except(hosts));
        var due = hosts.Where(host => !known.TryGetValue(host, out var reading) || reading.Until(now) <= now);
        foreach (var host in due.Take(MostAtOnce).ToList())
        {
            var pem = await at.Link.GetFileAsync(at.CaddyId, CertificatePath.Of(node, host), cancellationToken);
            known = known.SetItem(host, pem is null ? CertificateReading.Missing(now) : CertificateReading.Parse(pem, now));
        }

        return _known[key] = known;
    }

    /// <summary>Forgets a Machine that is gone.</summary>
    public void Forget(string machineId) => _known.TryRemove(machineId, out _);
}
