using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Controllers;

/// <summary>The caches, for a mapping that has to look something up.</summary>
public interface IStores
{
    /// <summary>The cache of a kind that has an informer.</summary>
    IResourceStore<TEntity> Of<TEntity>()
        where TEntity : IKubernetesObject<V1ObjectMeta>;
}

/// <inheritdoc/>
internal sealed class Stores(IServiceProvider services) : IStores
{
    public IResourceStore<TEntity> Of<TEntity>()
        where TEntity : IKubernetesObject<V1ObjectMeta> => services.GetRequiredService<IResourceStore<TEntity>>();
}

/// <summary>A wire from another kind to a controller's queue.</summary>
internal interface IWatchBinding
{
    void Attach();
}

/// <summary>Wakes a controller's entities when an object of another kind changes: those it names now, and those it named before.</summary>
internal sealed class WatchBinding<TController, TEntity, TOther>(
    Informer<TOther> informer,
    ControllerQueue<TController, TEntity> keys,
    IStores stores,
    Func<TOther, IStores, IEnumerable<ObjectKey>> map
) : IWatchBinding
    where TOther : IKubernetesObject<V1ObjectMeta>
{
    public void Attach() => informer.AddHandler(Handle);

    private void Handle(TOther? old, TOther? current)
    {
        var affected = new HashSet<ObjectKey>();
        if (old is not null)
            affected.UnionWith(map(old, stores));
        if (current is not null)
            affected.UnionWith(map(current, stores));
        foreach (var key in affected)
            keys.Queue.Add(key);
    }
}
