using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;
using Sam.Runtime.Waiting;

namespace Sam.Runtime.Informers;

/// <summary>An informer as its host sees it.</summary>
public interface IInformer
{
    /// <summary>The kind's name in paths.</summary>
    string Plural { get; }

    /// <summary>Whether the first list of every scope is in the store.</summary>
    bool HasSynced { get; }

    /// <summary>Returns once <see cref="HasSynced"/>.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>Lists and watches until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>What an informer reads.</summary>
public sealed class InformerOptions
{
    /// <summary>The namespaces; none means all.</summary>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    /// <summary>Narrows what is read.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>Narrows what is read.</summary>
    public string? FieldSelector { get; set; }

    /// <summary>Asks for everything as the beginning of the watch; a server that cannot is listed in pages.</summary>
    public bool StreamsInitialEvents { get; set; } = true;

    /// <summary>How long a watch may be silent before it is replaced.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(90);
}

/// <summary>Keeps a store of one kind like the server, and tells handlers of every change.</summary>
/// <typeparam name="TEntity">The kind, or <see cref="MetadataOf{TEntity}"/> of one.</typeparam>
public sealed class Informer<TEntity>(
    IKubernetesTransport transport,
    ObjectStore<TEntity> store,
    InformerOptions options,
    Random random,
    TimeProvider timeProvider,
    ILogger<Informer<TEntity>> logger,
    InformerMetrics? metrics = null
) : IInformer
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly ResourceKind _kind = ResourceKind.Of<TEntity>();
    private readonly Latch _synced = new();
    private readonly List<Action<TEntity?, TEntity?>> _handlers = [];
    private readonly Lock _lock = new();
    private int _unsynced;

    /// <inheritdoc/>
    public string Plural { get; } = ResourceKind.Of<TEntity>().Plural;

    /// <summary>The read cache.</summary>
    public ObjectStore<TEntity> Store { get; } = store;

    /// <inheritdoc/>
    public bool HasSynced => _synced.IsOpen;

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.WaitAsync(cancellationToken);

    /// <summary>Adds a handler of (old, new); null stands for no object. Handlers are quick: they enqueue. Add them before the run.</summary>
    public void AddHandler(Action<TEntity?, TEntity?> handler)
    {
        lock (_lock)
            _handlers.Add(handler);
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        string[] scopes = options.Namespaces.Count == 0 ? [""] : [.. options.Namespaces.Distinct()];
        _unsynced = scopes.Length;
        var series = metrics?.For(_kind.Resource, ResourceKind.IsMetadataOnly<TEntity>());
        var reflectors = scopes.Select(scope => (Scope: scope, Reflector: MakeReflector(scope, series))).ToList();
        series?.Measure(() => Store.Count, () => reflectors.Max(pair => pair.Reflector.Silence));
        return Task.WhenAll(reflectors.Select(pair => RunScopeAsync(pair.Scope, pair.Reflector, cancellationToken)));
    }

    private Reflector<TEntity> MakeReflector(string scope, InformerMetrics.Series? series) =>
        new(
            new ResourceLister<TEntity>(transport, scope, options.LabelSelector, options.FieldSelector),
            new WatchReader<TEntity>(_kind, options.Silence, timeProvider),
            options.StreamsInitialEvents,
            new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
            random,
            timeProvider,
            series,
            logger
        );

    private Task RunScopeAsync(string scope, Reflector<TEntity> reflector, CancellationToken cancellationToken)
    {
        var isFirst = true;
        return reflector.RunAsync(Replace, change => Tell(Store.Apply(scope, change)), cancellationToken);

        void Replace(ResourceSnapshot<TEntity> snapshot)
        {
            foreach (var change in Store.Replace(scope, snapshot))
                Tell(change);
            if (isFirst && Interlocked.Decrement(ref _unsynced) == 0)
                _synced.TryOpen();
            isFirst = false;
        }
    }

    private void Tell(StoreChange<TEntity>? change)
    {
        if (change is null)
            return;
        Action<TEntity?, TEntity?>[] handlers;
        lock (_lock)
            handlers = [.. _handlers];
        foreach (var handler in handlers)
            TellOne(handler, change);
    }

    private void TellOne(Action<TEntity?, TEntity?> handler, StoreChange<TEntity> change)
    {
        try
        {
            handler(change.Old, change.New);
        }
#pragma warning disable CA1031 // a mapping that fails on one object must not stop the cache; the resync repairs what it missed
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var metadata = (change.New ?? change.Old!).Metadata;
            InformerLog.HandlerFailed(logger, fault, _kind.Kind, metadata.NamespaceProperty, metadata.Name, metadata.Uid);
        }
    }
}
