using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Hosting;

/// <summary>Registers what the runtime runs.</summary>
public interface IRuntimeBuilder
{
    /// <summary>The services behind it.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a controller of a kind, with an informer of that kind.</summary>
    IRuntimeBuilder AddController<TController, TEntity>(ControllerOptions? options = null)
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>;

    /// <summary>Wakes a controller's entities when an object of another kind changes; adds an informer of that kind.</summary>
    /// <param name="map">The keys of the controller's entities that an object concerns; quick, it runs for every change.</param>
    IRuntimeBuilder Watches<TController, TEntity, TOther>(Func<TOther, IStores, IEnumerable<ObjectKey>> map)
        where TController : class, IEntityController<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
        where TOther : IKubernetesObject<V1ObjectMeta>;

    /// <summary>Adds work that no object asks for; the leader does it now and then.</summary>
    IRuntimeBuilder AddPeriodicTask<TTask>()
        where TTask : class, IPeriodicTask;

    /// <summary>Keeps a stream of another system open for every object of a kind that has one; adds an informer of that kind.</summary>
    IRuntimeBuilder AddListener<TListener, TEntity, TSource>()
        where TListener : class, IListener<TEntity, TSource>
        where TEntity : IKubernetesObject<V1ObjectMeta>
        where TSource : class;

    /// <summary>Adds a read cache of a kind; adding one twice merges the indexes.</summary>
    IRuntimeBuilder AddInformer<TEntity>(params IndexDefinition<TEntity>[] indexes)
        where TEntity : IKubernetesObject<V1ObjectMeta>;

    /// <summary>Narrows the read cache of a kind by selectors; once for each kind, and whoever reads the cache sees only those.</summary>
    /// <param name="labelSelector">As <c>kubectl get -l</c>; null for any.</param>
    /// <param name="fieldSelector">As <c>kubectl get --field-selector</c>; null for any.</param>
    IRuntimeBuilder Select<TEntity>(string? labelSelector, string? fieldSelector = null)
        where TEntity : IKubernetesObject<V1ObjectMeta>;

    /// <summary>Adds a read cache of a kind's metadata, as <c>IResourceStore&lt;MetadataOf&lt;TEntity&gt;&gt;</c>.</summary>
    IRuntimeBuilder AddMetadataInformer<TEntity>(params IndexDefinition<MetadataOf<TEntity>>[] indexes)
        where TEntity : IKubernetesObject<V1ObjectMeta>;
}
