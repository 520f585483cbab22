using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Makes the node's one Machine, and waits for it. Its identity is durable before it is made.</summary>
[Rbac<Machine>("create", "get")]
internal sealed class EnsureMachine(IResourceClient<Machine> machines, RandomIds ids) : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var status = context.Node.Status;
        if (status.MachineId is null)
        {
            status.MachineId = ids.Next();
            status.MachineRef = new LocalReference { Name = NodeMachine.NameOf(context.Node) };
            await context.Run.CheckpointAsync(cancellationToken);
        }

        var machine = context.Machine ?? await CreateAsync(context, cancellationToken);
        if (Serves(context.Node, machine))
            (status.PublicIPv4, status.PublicIPv6) = (machine.Status.PublicIPv4, machine.Status.PublicIPv6);
        var ready = machine.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready");
        // A Machine that stalls after it ran (its server is gone) stalls the node too: waiting brings nothing back.
        if (context.Link is null || (ready?.Status == "False" && IsStalled(machine)))
            return Waiting(machine, ready);
        return ready?.Status == "True"
            ? StepResult.Continue()
            : StepResult.Requeue(
                Poll,
                ready?.Status == "False" ? NodeHealthy.MachineNotReady : NodeHealthy.EngineSilent,
                $"Machine {machine.Metadata.Name}: {ready?.Reason}: {ready?.Message}"
            );
    }

    // While apps come up on a new VM, DNS is to lead to the old one; and an address that is kept is not to be changed for one that is not.
    private static bool Serves(DeploymentNode node, Machine machine) =>
        node.Status.Replacement?.Phase switch
        {
            null or ReplacementPhase.Preparing => true,
            ReplacementPhase.Moving => false,
            _ => node.Status.Replacement.DownSince is null || machine.Status.PrimaryIPv4Id is not null,
        };

    private static bool IsStalled(Machine machine) =>
        machine.Status.Conditions.Any(condition => condition is { Type: "Stalled", Status: "True" });

    private static StepResult Waiting(Machine machine, V1Condition? ready)
    {
        var text = ready is null ? "was just made" : $"{ready.Reason}: {ready.Message}";
        return IsStalled(machine)
            ? StepResult.Stop(NodeHealthy.MachineStalled, $"Machine {machine.Metadata.Name}: {text}")
            : StepResult.Requeue(Poll, NodeHealthy.MachineNotReady, $"Machine {machine.Metadata.Name}: {text}");
    }

    /// <summary>The name derives from the durable id: a second create is refused, and what is there is the one that was made.</summary>
    private async Task<Machine> CreateAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, name) = (context.Node, context.Node.Status.MachineRef!.Name);
        try
        {
            return await machines.CreateAsync(NodeMachine.Own(node, context.Project), cancellationToken);
        }
        catch (KubernetesApiException e) when (e.Code == 409)
        {
            var existing = await machines.GetAsync(node.Metadata.NamespaceProperty, name, cancellationToken);
            return existing?.Spec.MachineId == node.Status.MachineId
                ? existing!
                : throw new InvalidOperationException($"Machine {name} exists and is not this node's", e);
        }
    }
}
