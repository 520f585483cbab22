using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Waiting;

namespace Sam.Runtime.Controllers;

/// <summary>Keeps one stream open for every object that has one: by the leader, with back-off, and for ever.</summary>
internal sealed class ListenerLoop<TEntity, TSource>(
    IListener<TEntity, TSource> listener,
    Informer<TEntity> informer,
    ILeadership leadership,
    ControllerMetrics metrics,
    Random random,
    TimeProvider timeProvider,
    ILogger<ListenerLoop<TEntity, TSource>> logger
) : IControllerLoop
    where TEntity : IKubernetesObject<V1ObjectMeta>
    where TSource : class
{
    // A system that is back is heard again soon: its pauses are short beside those of a controller.
    private static readonly Backoff s_pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    // A stream that held for so long broke for a new cause.
    private static readonly TimeSpan s_held = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectKey, Stream> _open = [];
    private readonly WakeUp _changed = new();

    public void Attach() => informer.AddHandler((_, _) => _changed.Call());

    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        metrics.Starting(listener.Name, 1);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await SettleAsync(stopping);
                await _changed.WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the end: what is open is ended below
        }

        foreach (var stream in _open.Values)
            await stream.EndAsync();
        _open.Clear();
    }

    private async Task SettleAsync(CancellationToken stopping)
    {
        var wanted = new Dictionary<ObjectKey, TSource>();
        foreach (var entity in informer.Store.List())
        {
            if (listener.SourceOf(entity) is { } source)
                wanted[ObjectKey.Of(entity)] = source;
        }

        foreach (var (key, stream) in _open.ToList())
        {
            if (wanted.TryGetValue(key, out var source) && stream.Source.Equals(source))
                continue;
            _open.Remove(key);
            await stream.EndAsync();
        }

        foreach (var (key, source) in wanted)
        {
            if (!_open.ContainsKey(key))
                _open[key] = Stream.Start(source, token => KeepOpenAsync(key, source, token), stopping);
        }
    }

    private async Task KeepOpenAsync(ObjectKey key, TSource source, CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested; failures++)
        {
            var startedAt = timeProvider.GetTimestamp();
            if (!await ListenOnceAsync(key, source, cancellationToken))
                return;
            if (timeProvider.GetElapsedTime(startedAt) >= s_held)
                failures = 0;
            if (!await PauseAsync(s_pauses.Delay(failures, random), cancellationToken))
                return;
        }
    }

    private async Task<bool> ListenOnceAsync(ObjectKey key, TSource source, CancellationToken cancellationToken)
    {
        using var working = metrics.Working(listener.Name);
        var startedAt = timeProvider.GetTimestamp();
        var result = "error";
        try
        {
            leadership.ThrowIfNotLeader();
            await listener.ListenAsync(key, source, cancellationToken);
            result = "success";
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = "success";
            return false;
        }
#pragma warning disable CA1031 // the end of the line: a stream that breaks, however it does, is opened again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested)
                return false;
            ControllerLog.StreamBroke(logger, fault, listener.Name, key.Namespace, key.Name);
            return true;
        }
        finally
        {
            metrics.Ran(listener.Name, result, timeProvider.GetElapsedTime(startedAt));
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, timeProvider, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>One stream that is kept open.</summary>
    private sealed class Stream(TSource source, CancellationTokenSource end)
    {
        private Task _running = Task.CompletedTask;

        public TSource Source { get; } = source;

        public static Stream Start(TSource source, Func<CancellationToken, Task> keepOpen, CancellationToken stopping)
        {
            var stream = new Stream(source, CancellationTokenSource.CreateLinkedTokenSource(stopping));
            stream._running = keepOpen(stream.Token);
            return stream;
        }

        public async Task EndAsync()
        {
            end.Cancel();
            await _running;
            end.Dispose();
        }

        private CancellationToken Token => end.Token;
    }
}
