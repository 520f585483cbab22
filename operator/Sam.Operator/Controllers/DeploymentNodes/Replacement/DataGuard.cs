using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Lets no replacement begin that would lose data.</summary>
internal static class DataGuard
{
    /// <summary>What stands in the way, with the way out; null if nothing does.</summary>
    public static async Task<string?> ObstacleAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, old) = (context.Node, context.Machine!);
        if (node.Spec is { Volumes.Count: > 0 } or { Address: AddressPolicy.Kept })
            return "spec.volumes and a kept address do not move to another VM yet; take spec.cloud back, or make another node beside this one";
        if (ReplacementRule.IsLost(old))
            return null;
        if (context.Link is not { } link)
            return $"Machine {old.Metadata.Name} does not answer, so that nobody knows what its volumes hold; it is tried again";
        var held = new List<string>();
        foreach (var app in context.Apps)
        {
            var volumes = await link.ListVolumesAsync(EngineNames.AppLabels(app.Metadata.Uid), cancellationToken);
            held.AddRange(volumes.Select(volume => $"{app.Metadata.Name} ({volume})"));
        }

        return held.Count == 0
            ? null
            : $"volumes on the VM's own disk would be lost: {string.Join(", ", held)}; save their data, and delete the apps or take the volumes from their files";
    }
}
