using System.Text.RegularExpressions;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Credentials;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>
/// Takes over a server that SAM made before, as an annotation asks: one that was kept on purpose, or whose objects were lost. Its label says which Machine it is, and
/// the installation's secret still gives that Machine's key. Whatever does not fit is refused; nothing is bought instead.
/// </summary>
[Rbac<Machine>("list")]
[Rbac<DeploymentNode>("list")]
internal sealed partial class AdoptServer(
    ProviderTokens tokens,
    IHetznerClients clients,
    IResourceClient<Machine> machines,
    IResourceClient<DeploymentNode> nodes,
    InstallationIdentity installation
) : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var node = context.Node;
        if (
            node.Status.MachineId is not null
            || node.Metadata.Annotations?.TryGetValue(Names.Annotations.AdoptServerId, out var text) != true
        )
            return StepResult.Continue();
        if (NodeMachine.AdoptedId(node) is not { } id)
            return Refused($"'{text}' is no id of a server");
        var payer = await tokens.ResolveAsync(node.Metadata.NamespaceProperty, node.Spec.ProjectRef.Name, cancellationToken);
        if (payer.Token is not { } token)
            return Refused(payer.Fault!.Why);
        var server = await clients.For(token.Value).GetServerAsync(id, cancellationToken);
        if (server is null)
            return Refused($"the account has no server {id} ({token.Origin})");
        if (Mismatch(context, server) is { } mismatch)
            return Refused($"server {id} ({server.Name}) {mismatch}");
        var machineId = server.Labels[Names.ServerLabels.Machine];
        var living = await machines.ListAsync(null, null, cancellationToken);
        if (living.FirstOrDefault(machine => machine.Spec.MachineId == machineId) is { } owner)
            return Refused(
                $"server {id} belongs to Machine {owner.Metadata.Name} in namespace {owner.Metadata.NamespaceProperty}"
            );
        if (await RivalAsync(node, machineId, cancellationToken) is { } asked)
            return Refused(asked);
        // From here on it is as if the node had made the Machine itself, before whatever happened.
        node.Status.MachineId = machineId;
        node.Status.AdoptedServerId = id;
        node.Status.MachineRef = new LocalReference { Name = NodeMachine.NameOf(node) };
        await context.Run.CheckpointAsync(cancellationToken);
        return await YieldAsync(context, machineId, cancellationToken) ?? StepResult.Continue();
    }

    /// <summary>Two nodes may have asked at the same moment. Each has written by now, so one at least sees the other: who does gives way and asks again.</summary>
    private async Task<StepResult?> YieldAsync(
        DeploymentNodeContext context,
        string machineId,
        CancellationToken cancellationToken
    )
    {
        var node = context.Node;
        if (await RivalAsync(node, machineId, cancellationToken) is not { } rival)
            return null;
        (node.Status.MachineId, node.Status.MachineRef, node.Status.AdoptedServerId) = (null, null, null);
        await context.Run.CheckpointAsync(cancellationToken);
        return Refused(rival);
    }

    private async Task<string?> RivalAsync(DeploymentNode node, string machineId, CancellationToken cancellationToken)
    {
        var all = await nodes.ListAsync(null, null, cancellationToken);
        return
            all.FirstOrDefault(other => other.Status.MachineId == machineId && other.Metadata.Uid != node.Metadata.Uid)
                is { } rival
            ? $"DeploymentNode {rival.Metadata.Name} in namespace {rival.Metadata.NamespaceProperty} takes it over already"
            : null;
    }

    /// <summary>What is not as it must be, as the end of a sentence; null if all is.</summary>
    private string? Mismatch(DeploymentNodeContext context, Server server)
    {
        if (server.Labels.GetValueOrDefault(Names.ServerLabels.ManagedBy) != HetznerLabels.Sam)
            return $"was not made by SAM: it has no label {Names.ServerLabels.ManagedBy}={HetznerLabels.Sam}";
        if (server.Labels.GetValueOrDefault(Names.ServerLabels.Installation) is var home && home != installation.Id)
            return $"is of installation {home}, and this is {installation.Id}: its key is not known here";
        if (server.Labels.GetValueOrDefault(Names.ServerLabels.Role) != "deployment")
            return $"has role {server.Labels.GetValueOrDefault(Names.ServerLabels.Role)}, not deployment";
        if (!MachineId().IsMatch(server.Labels.GetValueOrDefault(Names.ServerLabels.Machine) ?? ""))
            return $"has no usable label {Names.ServerLabels.Machine}";
        if (server.Status == ServerStatus.Deleting)
            return "is being deleted";
        if (NodeMachine.AskedType(context.Node, context.Project) is { } type && type != server.ServerType)
            return $"is a {server.ServerType}, and {type} is asked for; change spec.cloud, or adopt another one";
        var locations = NodeMachine.AskedLocations(context.Node, context.Project);
        return locations.Count > 0 && !locations.Contains(server.Location)
            ? $"is in {server.Location}, and {string.Join(", ", locations)} is asked for; change spec.cloud, or adopt another one"
            : null;
    }

    private static StepResult Refused(string why) =>
        StepResult.Stop(
            NodeHealthy.AdoptionRefused,
            $"metadata.annotations[{Names.Annotations.AdoptServerId}]: {why}. Nothing is bought; correct the annotation, or remove it to have a new VM",
            Recheck
        );

    [GeneratedRegex(@"^[a-z0-9]{12,32}\z")]
    private static partial Regex MachineId();
}
