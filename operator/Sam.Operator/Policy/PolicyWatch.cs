using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;

namespace Sam.Operator.Policy;

/// <summary>Looks at the policy's file every few seconds and wakes whatever was decided by the old one.</summary>
internal sealed class PolicyWatch(
    PolicyFile file,
    IResourceStore<Project> projects,
    IRequeue<Project> wakeProject,
    IResourceStore<DeploymentNode> nodes,
    IRequeue<DeploymentNode> wakeNode,
    TimeProvider timeProvider
) : BackgroundService
{
    // The kubelet takes up to a minute to move the links of a mounted ConfigMap; five seconds more are no matter.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);
        do
        {
            if (!file.Refresh())
                continue;
            foreach (var project in projects.List())
                wakeProject.Enqueue(project.Metadata.NamespaceProperty, project.Metadata.Name);
            foreach (var node in nodes.List())
                wakeNode.Enqueue(node.Metadata.NamespaceProperty, node.Metadata.Name);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
