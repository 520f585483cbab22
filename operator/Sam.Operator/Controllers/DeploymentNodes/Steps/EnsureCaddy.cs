using System.Text;
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
internal sealed class EnsureCaddy(IEventRecorder events) : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

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
            if (await PullAsync(context, cancellationToken) is { } fault)
                return fault;
            Tell(context, why, isWarning: other.State != ContainerState.Running);
            await link.RemoveContainerAsync(other.Id, cancellationToken);
            existing = null;
        }

        if (existing is null)
        {
            if (await PullAsync(context, cancellationToken) is { } fault)
                return fault;
            existing = await CreateAsync(context, cancellationToken);
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
        await EnsureEdgeAsync(context, cancellationToken);
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

    private static Task EnsureEdgeAsync(DeploymentNodeContext context, CancellationToken cancellationToken) =>
        context.Link!.EnsureNetworkAsync(
            EngineNames.EdgeNetwork,
            CaddyContainer.LabelsOf(context.Node.Metadata.Uid, context.Node.Spec.CaddyImage),
            CaddyContainer.EdgeSubnet,
            isInternal: false,
            cancellationToken
        );

    private static async Task<EngineContainer> CreateAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (link, node) = (context.Link!, context.Node);
        var labels = CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage);
        await EnsureEdgeAsync(context, cancellationToken);
        await link.EnsureVolumeAsync(CaddyContainer.DataVolume, labels, cancellationToken);
        await link.EnsureVolumeAsync(CaddyContainer.ConfigVolume, labels, cancellationToken);
        var id = await link.CreateContainerAsync(
            CaddyContainer.Request(node.Metadata.Uid, node.Spec.CaddyImage),
            cancellationToken
        );
        var document = NodeDocument.Render(node, context.Apps);
        await link.PutFileAsync(
            id,
            new EngineFile(CaddyContainer.DocumentPath, Encoding.UTF8.GetBytes(document)),
            cancellationToken
        );
        return await link.InspectContainerAsync(id, cancellationToken)
            ?? throw new EngineException(EngineErrorKind.NotFound, "Caddy's container went away while it was made");
    }

    private static async Task<StepResult?> PullAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var image = context.Node.Spec.CaddyImage;
        if (await context.Link!.HasImageAsync(image, cancellationToken))
            return null;
        try
        {
            await context.Link.PullImageAsync(image, null, cancellationToken);
            return null;
        }
        catch (EngineException e)
            when (e.Kind is EngineErrorKind.ImageNotFound or EngineErrorKind.RegistryUnauthorized or EngineErrorKind.Invalid)
        {
            return StepResult.Stop(NodeHealthy.CaddyImageUnavailable, $"spec.caddyImage: {image}: {e.Message}", Recheck);
        }
    }
}
