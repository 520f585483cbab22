using Microsoft.Extensions.Logging;
using Sam.Runtime.Leases;

namespace Sam.Runtime.Controllers;

/// <summary>Runs a periodic task as a controller is run: by the leader, counted under its name, and for ever.</summary>
internal sealed class PeriodicLoop(
    IPeriodicTask task,
    ILeadership leadership,
    ControllerMetrics metrics,
    TimeProvider timeProvider,
    ILogger<PeriodicLoop> logger
) : IControllerLoop
{
    public void Attach() { }

    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        metrics.Starting(task.Name, 1);
        while (await PauseAsync(stopping))
            await RunOnceAsync(abort);
    }

    private async Task<bool> PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(task.Period, timeProvider, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RunOnceAsync(CancellationToken abort)
    {
        using var working = metrics.Working(task.Name);
        var startedAt = timeProvider.GetTimestamp();
        var result = "error";
        try
        {
            leadership.ThrowIfNotLeader();
            await task.RunAsync(abort);
            result = "success";
        }
#pragma warning disable CA1031 // the end of the line: a fault that nobody expected must not end the task for ever
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!abort.IsCancellationRequested)
                ControllerLog.PeriodicFailed(logger, fault, task.Name, task.Period);
        }
        finally
        {
            metrics.Ran(task.Name, result, timeProvider.GetElapsedTime(startedAt));
        }
    }
}
