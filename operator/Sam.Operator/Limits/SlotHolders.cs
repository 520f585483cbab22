using k8s;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Limits;

/// <summary>Whether holders of slots are still there: by the caches, and before a slot is freed by the server itself.</summary>
[Rbac<DeploymentNode>("get")]
[Rbac<Machine>("get")]
internal sealed class SlotHolders(
    IResourceStore<DeploymentNode> nodes,
    IResourceClient<DeploymentNode> liveNodes,
    IResourceStore<Machine> machines,
    IResourceClient<Machine> liveMachines
)
{
    /// <summary>Who holds the slot of a Machine: its controller, or itself where nobody owns it.</summary>
    public static SlotHolder Of(Machine machine)
    {
        var owner = machine.Metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);
        return owner is null
            ? new SlotHolder("Machine", machine.Metadata.Name, machine.Metadata.Uid)
            : new SlotHolder(owner.Kind, owner.Name, owner.Uid);
    }

    /// <summary>
    /// Whether a holder is gone. A cache may lag behind the Project's status, so that a missing object is a suspicion; the server's answer decides.
    /// A kind that this version does not know is taken to be there.
    /// </summary>
    public Task<bool> IsGoneAsync(string @namespace, SlotReservation slot, CancellationToken cancellationToken) =>
        slot.HolderKind switch
        {
            "DeploymentNode" => IsGoneAsync(nodes, liveNodes.GetAsync, @namespace, slot, cancellationToken),
            "Machine" => IsGoneAsync(machines, liveMachines.GetAsync, @namespace, slot, cancellationToken),
            _ => Task.FromResult(false),
        };

    private static async Task<bool> IsGoneAsync<TEntity>(
        IResourceStore<TEntity> store,
        Func<string, string, CancellationToken, Task<TEntity?>> getAsync,
        string @namespace,
        SlotReservation slot,
        CancellationToken cancellationToken
    )
        where TEntity : IKubernetesObject<V1ObjectMeta> =>
        store.Get(@namespace, slot.HolderName)?.Metadata.Uid != slot.Holder
        && (await getAsync(@namespace, slot.HolderName, cancellationToken))?.Metadata.Uid != slot.Holder;
}
