using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Deletes the node's Machine and waits until it is gone; nothing waits for garbage collection.</summary>
[Rbac<Machine>("get", "delete")]
internal sealed class DeleteMachine(IResourceClient<Machine> machines, HostReadings readings, CertificateReadings certificates)
    : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var node = context.Node;
        // The replaced one first: what it was told to hand over is then found by the other one.
        return await DeleteAsync(node, node.Status.Replacement?.MachineRef, node.Status.Replacement?.MachineId, cancellationToken)
            ?? await DeleteAsync(node, node.Status.MachineRef, node.Status.MachineId, cancellationToken)
            ?? StepResult.Continue();
    }

    /// <summary>Null once it is gone.</summary>
    private async Task<StepResult?> DeleteAsync(
        DeploymentNode node,
        LocalReference? reference,
        string? machineId,
        CancellationToken cancellationToken
    )
    {
        if (reference is null)
            return null;
        readings.Forget(machineId ?? "");
        certificates.Forget(machineId ?? "");
        // Past the cache: only the server can say that it is gone.
        var machine = await machines.GetAsync(node.Metadata.NamespaceProperty, reference.Name, cancellationToken);
        if (machine is null || machine.Spec.MachineId != machineId)
            return null;
        if (machine.Metadata.DeletionTimestamp is null)
            await machines.DeleteAsync(node.Metadata.NamespaceProperty, reference.Name, machine.Metadata.Uid, cancellationToken);
        var left = machine.Status.Conditions.FirstOrDefault(condition => condition.Type == "Provisioned")?.Message;
        return StepResult.Requeue(Poll, NodeHealthy.MachineDeleting, $"Machine {reference.Name} is being deleted: {left}");
    }
}
