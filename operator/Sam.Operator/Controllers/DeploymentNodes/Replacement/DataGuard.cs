using System.Collections.Immutable;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Lets no replacement begin that would lose data.</summary>
internal static class DataGuard
{
    private static readonly ImmutableDictionary<string, string> s_ofApps = ImmutableDictionary<string, string>.Empty.Add(
        EngineNames.KindLabel,
        EngineNames.Kind
    );

    /// <summary>What stands in the way, with the way out; null if nothing does.</summary>
    public static async Task<string?> ObstacleAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, old) = (context.Node, context.Machine!);
        if (
            ReplacementRule.IsTiedToItsLocation(node)
            && NodeMachine.Successor(node, context.Project, old.Spec.MachineId, old).Spec.Offers.Count == 0
        )
            return $"spec.cloud.locations: volumes and a kept address cannot leave {old.Status.Location}; name that location, or take them from the spec first";
        if (ReplacementRule.IsTiedToItsLocation(node) && IsPaidByAnother(context, old))
            return "volumes and a kept address cannot leave the account that pays for them; put its credential back, or take them from the spec first";
        if (ReplacementRule.IsLost(old))
            return null;
        if (context.Link is not { } link)
            return $"Machine {old.Metadata.Name} does not answer, so that nobody knows what its volumes hold; it is tried again";
        var held = new List<string>();
        // Also those of apps that are gone, which were kept on purpose.
        var all = await link.ListVolumesAsync(s_ofApps, cancellationToken);
        foreach (var app in context.Apps)
        {
            var volumes = await link.ListVolumesAsync(EngineNames.AppLabels(app.Metadata.Uid), cancellationToken);
            held.AddRange(volumes.Select(volume => $"{app.Metadata.Name} ({volume})"));
            all = [.. all.Except(volumes)];
        }

        held.AddRange(all.Select(volume => $"of an app that is gone ({volume})"));
        return held.Count == 0
            ? null
            : $"volumes on the VM's own disk would be lost: {string.Join(", ", held)}; save their data, and delete the apps or take the volumes from their files";
    }

    private static bool IsPaidByAnother(DeploymentNodeContext context, Machine old) =>
        old.Status.CredentialSource is { } bought
        && (bought == CredentialSource.Platform) != (context.PaidBy == CredentialSource.Platform);
}
