using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Faults;

/// <summary>The faults of one open watch.</summary>
internal sealed class WatchFaultGate(DevClusterFaults faults, RequestFacts facts)
{
    private readonly bool _hangs = faults.Find(FaultAction.HangWatch, facts) is not null;

    public bool IsHung => _hangs || faults.IsSilenced(facts.Resource);

    /// <summary>Whether the connection ends instead of this step.</summary>
    public bool Cuts(WatchItem item) => item.Change is not null && faults.Find(FaultAction.CutWatch, facts) is not null;

    /// <summary>A silent watch has no end either: it waits until it is resumed, or the client leaves.</summary>
    public async Task WhileHungAsync(CancellationToken cancellationToken)
    {
        if (_hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        while (faults.Resumed is var resumed && faults.IsSilenced(facts.Resource))
            await resumed.WaitAsync(cancellationToken);
    }
}
