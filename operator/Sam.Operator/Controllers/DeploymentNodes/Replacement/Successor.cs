using Sam.Crds.V1Alpha1;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>The Machine that is to take the node's place: begun once, given back if something else is asked for meanwhile.</summary>
[Rbac<Machine>("create", "get", "delete")]
internal sealed class Successor(IResourceClient<Machine> machines, RandomIds ids)
{
    /// <summary>Writes its identity down and makes it.</summary>
    public async Task BeginAsync(DeploymentNodeContext context, string why, CancellationToken cancellationToken)
    {
        var id = ids.Next();
        context.Node.Status.Replacement = new NodeReplacement
        {
            MachineId = id,
            MachineRef = new LocalReference { Name = NodeMachine.NameOf(context.Node, id) },
            Phase = ReplacementPhase.Preparing,
            Why = why,
            StartedAt = context.Run.Now,
        };
        await context.Run.CheckpointAsync(cancellationToken);
        await CreateAsync(context, cancellationToken);
    }

    /// <summary>The Machine; null while one that is not wanted any more is given back.</summary>
    public async Task<Machine?> EnsureAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, replacement) = (context.Node, context.Node.Status.Replacement!);
        var wanted = NodeMachine.Successor(node, context.Project, replacement.MachineId, context.Machine!);
        var why = ReplacementRule.Why(node, context.Project, context.Machine!);
        var next = context.Other.Machine;
        // One that is going is given back, whatever it is like.
        var fits = next is null || (next.Metadata.DeletionTimestamp is null && ReplacementRule.StillFits(next, wanted));
        if (why is not null && fits)
        {
            replacement.Why = why;
            return next ?? await CreateAsync(context, cancellationToken);
        }

        // Past the cache: only the server can say that it is gone.
        var begun = await machines.GetAsync(node.Metadata.NamespaceProperty, replacement.MachineRef.Name, cancellationToken);
        if (begun is null || begun.Spec.MachineId != replacement.MachineId)
            node.Status.Replacement = null;
        else if (begun.Metadata.DeletionTimestamp is null)
            await machines.DeleteAsync(
                node.Metadata.NamespaceProperty,
                begun.Metadata.Name,
                begun.Metadata.Uid,
                cancellationToken
            );
        return null;
    }

    /// <summary>What a Machine says of itself.</summary>
    public static string Told(Machine machine)
    {
        var ready = machine.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready");
        return ready is null ? "it was just made" : $"{ready.Reason}: {ready.Message}";
    }

    private async Task<Machine> CreateAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, replacement) = (context.Node, context.Node.Status.Replacement!);
        var machine = NodeMachine.Successor(node, context.Project, replacement.MachineId, context.Machine!);
        try
        {
            return await machines.CreateAsync(machine, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.Code == 409)
        {
            var existing = await machines.GetAsync(node.Metadata.NamespaceProperty, machine.Metadata.Name, cancellationToken);
            return existing?.Spec.MachineId == replacement.MachineId
                ? existing
                : throw new InvalidOperationException($"Machine {machine.Metadata.Name} exists and is not this node's", e);
        }
    }
}
