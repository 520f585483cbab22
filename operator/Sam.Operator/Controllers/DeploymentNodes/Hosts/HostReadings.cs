using System.Collections.Concurrent;
using Sam.Operator.Clients.Docker;
using Sam.Rules.Disks;

namespace Sam.Operator.Controllers.DeploymentNodes.Hosts;

/// <summary>What a node's host is like.</summary>
/// <param name="At">When it was read.</param>
/// <param name="EngineVersion">Version of the engine.</param>
/// <param name="CaddyId">The container that was asked.</param>
/// <param name="CaddyVersion">Version of Caddy; null if it does not say.</param>
/// <param name="Disk">The disk; null if it cannot be measured.</param>
/// <param name="Level">The disk's level.</param>
internal sealed record HostReading(
    DateTimeOffset At,
    string EngineVersion,
    string CaddyId,
    string? CaddyVersion,
    DiskUsage? Disk,
    DiskLevel Level
);

/// <summary>Reads what changes slowly, and remembers it: a run that was woken for something else asks nothing.</summary>
internal sealed class HostReadings(TimeProvider timeProvider)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_freshWhileFull = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, HostReading> _known = new(StringComparer.Ordinal);

    /// <summary>The reading of a Machine, a few minutes old at most; of another Caddy than before always a new one.</summary>
    public async Task<HostReading> ReadAsync(
        string machineId,
        IMachineLink link,
        string caddyId,
        CancellationToken cancellationToken
    )
    {
        var now = timeProvider.GetUtcNow();
        var known = _known.GetValueOrDefault(machineId);
        if (known is not null && known.CaddyId == caddyId && now - known.At < Lasts(known))
            return known;
        var info = await link.InfoAsync(cancellationToken);
        var version =
            known?.CaddyId == caddyId
                ? known.CaddyVersion
                : await SayAsync(link, caddyId, ["caddy", "version"], cancellationToken);
        var disk = await SayAsync(link, caddyId, DiskUsage.Command, cancellationToken) is { } output
            ? DiskUsage.Parse(output)
            : null;
        var level = disk is null
            ? DiskLevel.Sufficient
            : DiskPressureRule.Of(disk.UsedPercent, known?.Level ?? DiskLevel.Sufficient);
        return _known[machineId] = new HostReading(now, info.Version, caddyId, FirstWord(version), disk, level);
    }

    /// <summary>Forgets a Machine that is gone.</summary>
    public void Forget(string machineId) => _known.TryRemove(machineId, out _);

    private static TimeSpan Lasts(HostReading reading) => reading.Level >= DiskLevel.Collecting ? s_freshWhileFull : s_fresh;

    // `v2.10.0 h1:...`: the checksum behind the version is of no use to anybody.
    private static string? FirstWord(string? text) =>
        text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    /// <summary>What a command says; null if the container has no such command.</summary>
    private static async Task<string?> SayAsync(
        IMachineLink link,
        string containerId,
        IReadOnlyList<string> command,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await link.ExecAsync(containerId, command, ReadOnlyMemory<byte>.Empty, cancellationToken);
            return result.ExitCode == 0 ? result.Output : null;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Invalid or EngineErrorKind.Server)
        {
            return null; // the engine refuses to start what the image does not have
        }
    }
}
