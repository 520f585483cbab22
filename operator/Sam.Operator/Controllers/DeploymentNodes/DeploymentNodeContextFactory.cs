using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>Gathers a node's Project, Machine, engine and apps from the caches; no call is made.</summary>
internal sealed class DeploymentNodeContextFactory(
    IResourceStore<Project> projects,
    IResourceStore<Machine> machines,
    IResourceStore<ComposeApp> apps,
    IMachineLinks links
) : IStepContextFactory<DeploymentNode, DeploymentNodeContext>
{
    public Task<DeploymentNodeContext> ObserveAsync(StepRun<DeploymentNode> run, CancellationToken cancellationToken)
    {
        var node = run.Entity;
        var home = node.Metadata.NamespaceProperty;
        var own = apps.List(home)
            .Where(app => app.Spec.NodeRef.Name == node.Metadata.Name)
            .OrderBy(app => app.Metadata.CreationTimestamp)
            .ThenBy(app => app.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        return Task.FromResult(
            new DeploymentNodeContext(
                run,
                projects.Get(home, node.Spec.ProjectRef.Name),
                HostOf(home, node.Status.MachineRef),
                HostOf(home, node.Status.Replacement?.MachineRef),
                own
            )
        );
    }

    private NodeHost HostOf(string home, LocalReference? reference)
    {
        var machine = reference is null ? null : machines.Get(home, reference.Name);
        var link = machine is { Status: { BootedAt: not null, PublicIPv4: { } address } }
            ? links.For(new MachineEndpoint(machine.Spec.MachineId, address))
            : null;
        return new NodeHost(machine, link);
    }
}
