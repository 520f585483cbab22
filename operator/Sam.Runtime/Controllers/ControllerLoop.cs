using System.Diagnostics;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Observability;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Controllers;

/// <summary>A controller as its host sees it.</summary>
internal interface IControllerLoop
{
    /// <summary>Wires the watches to the queue; before informers start.</summary>
    void Attach();

    /// <summary>Works until <paramref name="stopping"/>; then finishes what runs, unless <paramref name="abort"/> comes first.</summary>
    Task RunAsync(CancellationToken stopping, CancellationToken abort);
}

/// <summary>Takes keys from the queue and runs them; whatever a run comes to, the key is not lost.</summary>
internal sealed class ControllerLoop<TController, TEntity>(
    TController controller,
    ControllerOptions options,
    ControllerQueue<TController, TEntity> keys,
    Informer<TEntity> informer,
    IResourceClient<TEntity> client,
    ILeadership leadership,
    RuntimeOptions runtime,
    ControllerMetrics metrics,
    TimeProvider timeProvider,
    ILogger<ControllerLoop<TController, TEntity>> logger
) : IControllerLoop
    where TController : class, IEntityController<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly EntityReconciler<TEntity> _reconciler = new(controller, options.FinalizerName, informer.Store, client);
    private readonly WorkQueue<ObjectKey> _queue = keys.Queue;
    private readonly string _kind = ResourceKind.Of<TEntity>().Kind;
    private readonly string _name = ControllerNames.Of<TEntity>(options);
    private long _runs;

    public void Attach() => informer.AddHandler((old, current) => _queue.Add(ObjectKey.Of((current ?? old)!)));

    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        metrics.Starting(_name, options.Parallelism);
        ControllerLog.Started(logger, _name, options.Parallelism);
        var workers = Enumerable.Range(0, options.Parallelism).Select(_ => WorkAsync(stopping, abort));
        await Task.WhenAll([.. workers, ResyncAsync(stopping)]);
        ControllerLog.Stopped(logger, _name);
    }

    private async Task WorkAsync(CancellationToken stopping, CancellationToken abort)
    {
        while (!stopping.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await _queue.TakeAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await RunOneAsync(key, abort);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task RunOneAsync(ObjectKey key, CancellationToken abort)
    {
        var uid = informer.Store.Get(key.Namespace, key.Name)?.Metadata.Uid;
        using var span = RuntimeTracing.StartReconcile(_name, _kind, key, uid);
        var run = Interlocked.Increment(ref _runs);
        using var scope = logger.BeginScope(new ReconcileScope(_kind, key, uid, span?.TraceId.ToHexString() ?? $"{_name}-{run}"));
        using var working = metrics.Working(_name);
        var startedAt = timeProvider.GetTimestamp();
        var result = "error";
        try
        {
            leadership.ThrowIfNotLeader();
            result = Settle(key, uid, await _reconciler.RunAsync(key, abort));
        }
#pragma warning disable CA1031 // the end of the line: a fault that nobody expected is retried like any other, for ever
        catch (Exception fault)
#pragma warning restore CA1031
        {
            span.SetFault(fault);
            if (!abort.IsCancellationRequested)
                ControllerLog.Failed(logger, fault, _kind, key.Namespace, key.Name, uid);
            _queue.Retry(key, Conditions.FaultReasons.RetryAfterOf(fault));
        }
        finally
        {
            span.SetResult(result);
            metrics.Ran(_name, result, timeProvider.GetElapsedTime(startedAt));
        }
    }

    private string Settle(ObjectKey key, string? uid, ReconciliationResult<TEntity>? result)
    {
        if (result is null)
        {
            ControllerLog.NothingToDo(logger, _kind, key.Namespace, key.Name, uid);
            _queue.Forget(key);
            return "success";
        }

        if (!result.IsSuccess)
        {
            Activity.Current.SetFault(result.Error);
            ControllerLog.Failed(logger, result.Error, _kind, key.Namespace, key.Name, result.Entity.Metadata.Uid);
            _queue.Retry(key, result.RequeueAfter);
            return "error";
        }

        ControllerLog.Reconciled(logger, _kind, key.Namespace, key.Name, result.Entity.Metadata.Uid, result.RequeueAfter);
        _queue.Forget(key);
        if (result.RequeueAfter is not { } after)
            return "success";
        _queue.AddAfter(key, after);
        return "requeue_after";
    }

    // A look at everything now and then, in case an event of another system was missed; changes go first.
    private async Task ResyncAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(runtime.ResyncPeriod, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var entity in informer.Store.List())
                    _queue.Add(ObjectKey.Of(entity), QueuePriority.Resync);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
    }
}
