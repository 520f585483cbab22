using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>
/// Keeps Caddy's one container as it should be: network, volumes, image, ports. Another image makes a new container over the same volumes; what
/// somebody did to it is put right and told.
/// </summary>
internal sealed class EnsureCaddy(CaddyMaker maker, IEventRecorder events) : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public ConditionType? Condition => NodeHealthy.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (link, node) = (context.Link!, context.Node);
        var labels = CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage);
        var existing = await CaddyContainer.FindAsync(link, node.Metadata.Uid, cancellationToken);
        if (existing is null && node.Status.Caddy?.ContainerId is not null)
            Tell(context, "its container was removed");
        if (existing is { } other && WhyNew(other, labels[Names.EngineLabels.Spec]) is { } why)
        {
            // Pull first: while the new image cannot be had, the old Caddy serves.
            if (await maker.PullAsync(node, link, cancellationToken) is { } fault)
                return fault;
            Tell(context, why, isWarning: other.State != ContainerState.Running);
            await link.RemoveContainerAsync(other.Id, cancellationToken);
            existing = null;
        }

        if (existing is null)
        {
            if (await maker.PullAsync(node, link, cancellationToken) is { } fault)
                return fault;
            existing = await maker.CreateAsync(node, context.Apps, link, cancellationToken);
        }

        context.CaddyId = existing.Id;
        await KeepOnEdgeAsync(context, existing, cancellationToken);
        if (existing.State == ContainerState.Running)
            return StepResult.Continue(NodeHealthy.Healthy, $"Caddy runs on Machine {node.Status.MachineRef!.Name}");
        await StartAsync(context, existing, cancellationToken);
        return StepResult.Requeue(Poll, NodeHealthy.CaddyStarting, "Caddy's container is starting");
    }

    /// <summary>Why only a new container will do; null if this one will.</summary>
    private static string? WhyNew(EngineContainer existing, string spec) =>
        existing.State switch
        {
            _ when existing.Labels.GetValueOrDefault(Names.EngineLabels.Spec) != spec => $"image {existing.Image} is replaced",
            ContainerState.Paused => "its container was paused",
            ContainerState.Dead or ContainerState.Removing => "its container was being removed",
            _ => null,
        };

    private void Tell(DeploymentNodeContext context, string what, bool isWarning = true) =>
        events.Record(context.Node, isWarning ? "CaddyRepaired" : "CaddyReplaced", $"Caddy is put back: {what}", isWarning);

    private async Task KeepOnEdgeAsync(
        DeploymentNodeContext context,
        EngineContainer existing,
        CancellationToken cancellationToken
    )
    {
        if (existing.Networks.ContainsKey(EngineNames.EdgeNetwork))
            return;
        Tell(context, $"it was taken off network {EngineNames.EdgeNetwork}");
        await CaddyMaker.EnsureEdgeAsync(context.Node, context.Link!, cancellationToken);
        await context.Link!.ConnectAsync(EngineNames.EdgeNetwork, existing.Id, [], cancellationToken);
    }

    private async Task StartAsync(DeploymentNodeContext context, EngineContainer existing, CancellationToken cancellationToken)
    {
        if (existing.State == ContainerState.Exited)
            Tell(context, $"its container was stopped (exit code {existing.ExitCode})");
        try
        {
            await context.Link!.StartContainerAsync(existing.Id, cancellationToken);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NotFound)
        {
            // The network that it was made on is gone; a container that does not run serves nobody, and a new one is made on a new network.
            await context.Link!.RemoveContainerAsync(existing.Id, cancellationToken);
        }
    }
}
