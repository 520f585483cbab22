using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Gives the old Machine back; its volumes and its kept address go to the one that took its place.</summary>
[Rbac<Machine>("get", "patch", "delete")]
internal sealed class HandOver(IResourceClient<Machine> machines, HostReadings readings)
{
    /// <summary>Null once all is done; else what is left.</summary>
    public async Task<string?> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, replacement) = (context.Node, context.Node.Status.Replacement!);
        var home = node.Metadata.NamespaceProperty;
        // Past the cache: only the server can say that it is gone.
        var old = await machines.GetAsync(home, replacement.MachineRef.Name, cancellationToken);
        if (old is not null && old.Spec.MachineId == replacement.MachineId)
        {
            await GiveBackAsync(context, old, cancellationToken);
            return $"the old Machine {old.Metadata.Name} is being deleted";
        }

        readings.Forget(replacement.MachineId);
        if (replacement.PrimaryIPv4Id is { } address && context.Machine!.Spec.PrimaryIPv4Id is null)
            await machines.MergePatchAsync(
                home,
                context.Machine.Metadata.Name,
                new JsonObject { ["spec"] = new JsonObject { ["primaryIPv4Id"] = address } }.ToJsonString(),
                null,
                cancellationToken
            );
        return Missing(node, context.Machine!);
    }

    private async Task GiveBackAsync(DeploymentNodeContext context, Machine old, CancellationToken cancellationToken)
    {
        var (node, replacement) = (context.Node, context.Node.Status.Replacement!);
        if (old.Metadata.DeletionTimestamp is not null)
            return;
        if (node.Spec.Address == AddressPolicy.Kept && old.Status.PrimaryIPv4Id is { } address)
        {
            replacement.PrimaryIPv4Id ??= address;
            replacement.DownSince ??= context.Run.Now;
            await context.Run.CheckpointAsync(cancellationToken);
        }

        // Retain is a wish about the node's end, not about a VM that is replaced.
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["handOverTo"] = node.Status.MachineId,
                ["deletionPolicy"] = nameof(DeletionPolicy.Delete),
            },
        };
        await machines.MergePatchAsync(
            node.Metadata.NamespaceProperty,
            old.Metadata.Name,
            patch.ToJsonString(),
            null,
            cancellationToken
        );
        await machines.DeleteAsync(node.Metadata.NamespaceProperty, old.Metadata.Name, old.Metadata.Uid, cancellationToken);
    }

    private static string? Missing(DeploymentNode node, Machine machine)
    {
        var wanted = node.Status.Replacement!.PrimaryIPv4Id;
        if (wanted is not null && machine.Status.PrimaryIPv4Id != wanted)
            return $"the address moves to Machine {machine.Metadata.Name}";
        if ((node.Spec.Volumes ?? []).Any(volume => machine.Status.Volumes.All(held => held.Name != volume.Name)))
            return $"volumes are attached to Machine {machine.Metadata.Name}";
        return ReplacementRule.IsReady(machine) ? null : $"Machine {machine.Metadata.Name}: {Successor.Told(machine)}";
    }
}
