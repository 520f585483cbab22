using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Whether a node's VM is what its own spec asks for. A changed default of the Project replaces no VM. Pure.</summary>
internal static class ReplacementRule
{
    /// <summary>What is asked for and is not so; null if all is.</summary>
    public static string? Why(DeploymentNode node, Project? project, Machine machine)
    {
        if (node.Spec.Cloud is not { } cloud || machine.Status.ServerType is not { } has)
            return null;
        if (cloud is { ServerType: not null } or { Size: not null } or { Architecture: not null })
        {
            var asked = NodeMachine.OrderOf(node, project).ServerType;
            if (asked != has)
                return $"spec.cloud asks for a {asked}, and the VM is a {has}";
        }

        if (cloud.Locations is { Count: > 0 } locations && !locations.Contains(machine.Status.Location ?? ""))
            return $"spec.cloud.locations are {string.Join(", ", locations)}, and the VM is in {machine.Status.Location}";
        return cloud.Image is { } image && image != machine.Spec.Image
            ? $"spec.cloud.image is {image}, and the VM was made from {machine.Spec.Image}"
            : null;
    }

    /// <summary>Whether the node has something that cannot leave its location.</summary>
    public static bool IsTiedToItsLocation(DeploymentNode node) =>
        node.Spec is { Volumes.Count: > 0 } or { Address: AddressPolicy.Kept };

    /// <summary>Whether the VM is gone for good: there is nothing to lose on it any more.</summary>
    public static bool IsLost(Machine machine) => Holds(machine, "Stalled");

    /// <summary>Whether the VM serves.</summary>
    public static bool IsReady(Machine machine) => Holds(machine, "Ready");

    /// <summary>Whether a Machine that was begun still is what is asked for.</summary>
    public static bool StillFits(Machine begun, Machine wanted) =>
        begun.Spec.Image == wanted.Spec.Image
        && begun
            .Spec.Offers.Select(offer => (offer.ServerType, offer.Location))
            .SequenceEqual(wanted.Spec.Offers.Select(offer => (offer.ServerType, offer.Location)));

    private static bool Holds(Machine machine, string condition) =>
        machine.Status.Conditions.Any(held => held.Type == condition && held.Status == "True");
}
