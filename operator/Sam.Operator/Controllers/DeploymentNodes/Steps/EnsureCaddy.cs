using System.Text;
using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Keeps Caddy's one container as it should be: network, volumes, image, ports. Another image makes a new container over the same volumes.</summary>
internal sealed class EnsureCaddy : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => NodeHealthy.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (link, node) = (context.Link!, context.Node);
        var labels = CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage);
        var existing = await link.InspectContainerAsync(CaddyContainer.Name, cancellationToken);
        if (existing is { } other && other.Labels.GetValueOrDefault(Names.EngineLabels.Spec) != labels[Names.EngineLabels.Spec])
        {
            // Pull first: while the new image cannot be had, the old Caddy serves.
            if (await PullAsync(context, cancellationToken) is { } fault)
                return fault;
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
        if (existing.State == ContainerState.Running)
            return StepResult.Continue(NodeHealthy.Healthy, $"Caddy runs on Machine {node.Status.MachineRef!.Name}");
        await link.StartContainerAsync(existing.Id, cancellationToken);
        return StepResult.Requeue(Poll, NodeHealthy.CaddyStarting, "Caddy's container is starting");
    }

    private static async Task<EngineContainer> CreateAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (link, node) = (context.Link!, context.Node);
        var labels = CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage);
        await link.EnsureNetworkAsync(
            EngineNames.EdgeNetwork,
            labels,
            CaddyContainer.EdgeSubnet,
            isInternal: false,
            cancellationToken
        );
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
