using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Hosting;

/// <inheritdoc/>
internal sealed class RuntimeBuilder(IServiceCollection services) : IRuntimeBuilder
{
    public IServiceCollection Services { get; } = services;

    public IRuntimeBuilder AddController<TController, TEntity>(ControllerOptions? options = null)
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var settings = options ?? new ControllerOptions();
        AddInformer<TEntity>();
        Services.TryAddSingleton<TController>();
        Services.AddSingleton(provider => new ControllerQueue<TController, TEntity>(
            new WorkQueue<ObjectKey>(
                ControllerNames.Of<TEntity>(settings),
                key => key.Namespace,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<Random>(),
                metrics: provider.GetRequiredService<QueueMetrics>()
            )
        ));
        Services.AddSingleton<IControllerQueue<TEntity>>(provider =>
            provider.GetRequiredService<ControllerQueue<TController, TEntity>>()
        );
        Services.TryAddSingleton<IRequeue<TEntity>, Requeue<TEntity>>();
        Services.AddSingleton<IControllerLoop>(provider => Loop<TController, TEntity>(provider, settings));
        return this;
    }

    public IRuntimeBuilder AddPeriodicTask<TTask>()
        where TTask : class, IPeriodicTask
    {
        Services.TryAddSingleton<TTask>();
        Services.AddSingleton<IControllerLoop>(provider => new PeriodicLoop(
            provider.GetRequiredService<TTask>(),
            provider.GetRequiredService<ILeadership>(),
            provider.GetRequiredService<ControllerMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PeriodicLoop>>()
        ));
        return this;
    }

    public IRuntimeBuilder AddListener<TListener, TEntity, TSource>()
        where TListener : class, IListener<TEntity, TSource>
        where TEntity : IKubernetesObject<V1ObjectMeta>
        where TSource : class
    {
        AddInformer<TEntity>();
        Services.TryAddSingleton<TListener>();
        Services.AddSingleton<IControllerLoop>(provider => new ListenerLoop<TEntity, TSource>(
            provider.GetRequiredService<TListener>(),
            provider.GetRequiredService<Informer<TEntity>>(),
            provider.GetRequiredService<ILeadership>(),
            provider.GetRequiredService<ControllerMetrics>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ListenerLoop<TEntity, TSource>>>()
        ));
        return this;
    }

    public IRuntimeBuilder Watches<TController, TEntity, TOther>(Func<TOther, IStores, IEnumerable<ObjectKey>> map)
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
        where TOther : IKubernetesObject<V1ObjectMeta>
    {
        AddInformer<TOther>();
        Services.AddSingleton<IWatchBinding>(provider => new WatchBinding<TController, TEntity, TOther>(
            provider.GetRequiredService<Informer<TOther>>(),
            provider.GetRequiredService<ControllerQueue<TController, TEntity>>(),
            provider.GetRequiredService<IStores>(),
            map
        ));
        return this;
    }

    public IRuntimeBuilder AddInformer<TEntity>(params IndexDefinition<TEntity>[] indexes)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        foreach (var index in indexes)
            Services.AddSingleton(index);
        if (Services.Any(service => service.ServiceType == typeof(Informer<TEntity>)))
            return this;
        Services.AddSingleton<ObjectStore<TEntity>>();
        Services.AddSingleton<IResourceStore<TEntity>>(provider => provider.GetRequiredService<ObjectStore<TEntity>>());
        Services.AddSingleton<IWriteObserver<TEntity>>(provider => provider.GetRequiredService<ObjectStore<TEntity>>());
        Services.AddSingleton(provider => new Informer<TEntity>(
            provider.GetRequiredService<IKubernetesTransport>(),
            provider.GetRequiredService<ObjectStore<TEntity>>(),
            Options<TEntity>(provider),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Informer<TEntity>>>(),
            provider.GetRequiredService<InformerMetrics>()
        ));
        Services.AddSingleton<IInformer>(provider => provider.GetRequiredService<Informer<TEntity>>());
        return this;
    }

    public IRuntimeBuilder Select<TEntity>(string? labelSelector, string? fieldSelector = null)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        if (Services.Any(service => service.ServiceType == typeof(InformerSelection<TEntity>)))
            throw new InvalidOperationException($"The cache of {ResourceKind.Of<TEntity>().Kind} is narrowed twice");
        Services.AddSingleton(new InformerSelection<TEntity>(labelSelector, fieldSelector));
        return this;
    }

    public IRuntimeBuilder AddMetadataInformer<TEntity>(params IndexDefinition<MetadataOf<TEntity>>[] indexes)
        where TEntity : IKubernetesObject<V1ObjectMeta> => AddInformer(indexes);

    private static InformerOptions Options<TEntity>(IServiceProvider provider)
    {
        var runtime = provider.GetRequiredService<RuntimeOptions>();
        var selection = provider.GetService<InformerSelection<TEntity>>();
        return new InformerOptions
        {
            Namespaces = runtime.Namespaces,
            LabelSelector = selection?.LabelSelector,
            FieldSelector = selection?.FieldSelector,
            StreamsInitialEvents = runtime.StreamsInitialEvents,
        };
    }

    private static ControllerLoop<TController, TEntity> Loop<TController, TEntity>(
        IServiceProvider provider,
        ControllerOptions options
    )
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta> =>
        new(
            provider.GetRequiredService<TController>(),
            options,
            provider.GetRequiredService<ControllerQueue<TController, TEntity>>(),
            provider.GetRequiredService<Informer<TEntity>>(),
            provider.GetRequiredService<IResourceClient<TEntity>>(),
            provider.GetRequiredService<ILeadership>(),
            provider.GetRequiredService<RuntimeOptions>(),
            provider.GetRequiredService<ControllerMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ControllerLoop<TController, TEntity>>>()
        );
}
