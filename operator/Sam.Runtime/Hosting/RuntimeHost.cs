using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Controllers;
using Sam.Runtime.Events;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;

namespace Sam.Runtime.Hosting;

/// <summary>
/// The order of life: informers, synced caches, the lease, controllers; and back: no new work, runs in progress end, events are
/// written, the lease is released, informers end.
/// </summary>
internal sealed class RuntimeHost(
    IEnumerable<IInformer> informers,
    IEnumerable<IControllerLoop> controllers,
    IEnumerable<IWatchBinding> bindings,
    EventRecorder events,
    ILeadership leadership,
    RuntimeOptions options,
    TimeProvider timeProvider,
    ILogger<RuntimeHost> logger
) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, timeProvider);
    private readonly CancellationTokenSource _electing = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _elector = Task.CompletedTask;
    private Task _controllers = Task.CompletedTask;
    private Task _events = Task.CompletedTask;
    private Task _rest = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var controller in controllers)
            controller.Attach();
        foreach (var binding in bindings)
            binding.Attach();
        var running = informers.Select(informer => informer.RunAsync(_ended.Token)).ToList();
        if (leadership is LeaderElector elector)
            _elector = elector.RunAsync(_electing.Token);
        _rest = Task.WhenAll(running);
        _events = events.RunAsync(_ended.Token);
        _controllers = RunControllersAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        _abort.CancelAfter(options.DrainTimeout);
        using var hurry = cancellationToken.Register(_abort.Cancel);
        await _controllers;
        events.Complete();
        await LastWordsAsync(_events.WaitAsync(TimeSpan.FromSeconds(5), timeProvider, CancellationToken.None));
        // Last, when nothing of ours acts any more: whoever gets it next is alone.
        _electing.Cancel();
        await _elector;
        if (leadership is LeaderElector elector)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), timeProvider);
            await LastWordsAsync(elector.ReleaseAsync(limit.Token));
        }

        _ended.Cancel();
        await Task.WhenAll(_rest, _events);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _abort.Dispose();
        _electing.Dispose();
        _ended.Dispose();
    }

    private async Task RunControllersAsync()
    {
        try
        {
            await Task.WhenAll(informers.Select(informer => informer.WaitForSyncAsync(_stopping.Token)));
            HostLog.Synced(logger);
            await leadership.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }

        await Task.WhenAll(controllers.Select(controller => controller.RunAsync(_stopping.Token, _abort.Token)));
    }

    private async Task LastWordsAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception fault) when (fault is Transport.KubernetesApiException or TimeoutException or OperationCanceledException)
        {
            HostLog.LastWordsFailed(logger, fault); // the lease runs out by itself, and events are optional
        }
    }
}
