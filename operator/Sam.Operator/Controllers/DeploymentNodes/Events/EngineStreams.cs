using System.Collections.Concurrent;

namespace Sam.Operator.Controllers.DeploymentNodes.Events;

/// <summary>To which Machines' engines this process listens now: what is heard need not be looked for often.</summary>
internal sealed class EngineStreams
{
    private static readonly TimeSpan s_heard = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_unheard = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>Pause between two looks for drift.</summary>
    public TimeSpan LookAgain(string? machineId) => machineId is not null && _open.ContainsKey(machineId) ? s_heard : s_unheard;

    /// <summary>A stream is open.</summary>
    public void Opened(string machineId) => _open[machineId] = true;

    /// <summary>It is not any more; the pause until the next look.</summary>
    public TimeSpan Closed(string machineId)
    {
        _open.TryRemove(machineId, out _);
        return s_unheard;
    }
}
