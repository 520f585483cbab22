using System.Text;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>Makes a node's Caddy on an engine, with network, volumes and document, not started.</summary>
internal sealed class CaddyMaker(DocumentRenderer renderer)
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    /// <summary>Null once the image is there; else why it cannot be had.</summary>
    /// <exception cref="EngineException">The engine or the registry does not answer.</exception>
    public async Task<StepResult?> PullAsync(DeploymentNode node, IMachineLink link, CancellationToken cancellationToken)
    {
        var image = node.Spec.CaddyImage;
        if (await link.HasImageAsync(image, cancellationToken))
            return null;
        try
        {
            await link.PullImageAsync(image, null, cancellationToken);
            return null;
        }
        catch (EngineException e)
            when (e.Kind is EngineErrorKind.ImageNotFound or EngineErrorKind.RegistryUnauthorized or EngineErrorKind.Invalid)
        {
            return StepResult.Stop(NodeHealthy.CaddyImageUnavailable, $"spec.caddyImage: {image}: {e.Message}", Recheck);
        }
    }

    /// <summary>The container, with the document of these apps beside it.</summary>
    /// <exception cref="EngineException">The engine does not answer, or something is in the way.</exception>
    public async Task<EngineContainer> CreateAsync(
        DeploymentNode node,
        IReadOnlyList<ComposeApp> apps,
        IMachineLink link,
        CancellationToken cancellationToken
    )
    {
        var labels = CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage);
        await EnsureEdgeAsync(node, link, cancellationToken);
        await link.EnsureVolumeAsync(CaddyContainer.DataVolume, labels, cancellationToken);
        await link.EnsureVolumeAsync(CaddyContainer.ConfigVolume, labels, cancellationToken);
        var id = await link.CreateContainerAsync(
            CaddyContainer.Request(node.Metadata.Uid, node.Spec.CaddyImage),
            cancellationToken
        );
        var document = await renderer.RenderAsync(node, apps, cancellationToken);
        await link.PutFileAsync(
            id,
            new EngineFile(CaddyContainer.DocumentPath, Encoding.UTF8.GetBytes(document.Text)),
            cancellationToken
        );
        return await link.InspectContainerAsync(id, cancellationToken)
            ?? throw new EngineException(EngineErrorKind.NotFound, "Caddy's container went away while it was made");
    }

    /// <summary>The network that Caddy and all routed containers share.</summary>
    /// <exception cref="EngineException">The engine does not answer.</exception>
    public static Task EnsureEdgeAsync(DeploymentNode node, IMachineLink link, CancellationToken cancellationToken) =>
        link.EnsureNetworkAsync(
            EngineNames.EdgeNetwork,
            CaddyContainer.LabelsOf(node.Metadata.Uid, node.Spec.CaddyImage),
            CaddyContainer.EdgeSubnet,
            isInternal: false,
            cancellationToken
        );
}
