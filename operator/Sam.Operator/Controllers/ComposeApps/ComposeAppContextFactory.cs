using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Gathers an app's node, Machine and engine from the caches; no call is made.</summary>
internal sealed class ComposeAppContextFactory(
    IResourceStore<DeploymentNode> nodes,
    IResourceStore<Machine> machines,
    IMachineLinks links
) : IStepContextFactory<ComposeApp, ComposeAppContext>
{
    public Task<ComposeAppContext> ObserveAsync(StepRun<ComposeApp> run, CancellationToken cancellationToken)
    {
        var home = run.Entity.Metadata.NamespaceProperty;
        var node = nodes.Get(home, run.Entity.Spec.NodeRef.Name);
        var machine = node?.Status.MachineRef is { } reference ? machines.Get(home, reference.Name) : null;
        var replaced = node?.Status.Replacement is { Phase: not ReplacementPhase.Preparing, MachineRef: { } before }
            ? machines.Get(home, before.Name)
            : null;
        var former =
            replaced is { Metadata.DeletionTimestamp: null } && !ReplacementRule.IsLost(replaced) ? LinkTo(replaced) : null;
        return Task.FromResult(new ComposeAppContext(run, node, machine, LinkTo(machine), former));
    }

    private IMachineLink? LinkTo(Machine? machine) =>
        machine is { Status: { BootedAt: not null, PublicIPv4: { } address } }
            ? links.For(new MachineEndpoint(machine.Spec.MachineId, address))
            : null;
}
