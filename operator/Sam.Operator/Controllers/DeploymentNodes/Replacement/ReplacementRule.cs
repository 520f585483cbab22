using Sam.Crds.V1Alpha1;
using Sam.Rules.Offers;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Whether a node's VM is what its own spec asks for. A changed default of the Project replaces no VM. Pure.</summary>
internal static class ReplacementRule
{
    /// <summary>What is asked for and is not so; null if all is.</summary>
    public static string? Why(DeploymentNode node, Project? project, Machine machine)
    {
        if (node.Spec.Cloud is not { } cloud || machine.Status.ServerType is not { } has)
            return null;
        if (OtherType(cloud, has) is { } asked)
            return $"spec.cloud asks for {asked}, and the VM is a {has}";

        if (cloud.Locations is { Count: > 0 } locations && !locations.Contains(machine.Status.Location ?? ""))
            return $"spec.cloud.locations are {string.Join(", ", locations)}, and the VM is in {machine.Status.Location}";
        return cloud.Image is { } image && image != machine.Spec.Image
            ? $"spec.cloud.image is {image}, and the VM was made from {machine.Spec.Image}"
            : null;
    }

    /// <summary>The type that the node itself asks for, if the VM is not of it; what the node leaves open is as the VM is.</summary>
    private static string? OtherType(CloudSpec cloud, string has)
    {
        var isArm = OfferOrder.IsArm(has);
        if (cloud.ServerType is { } type)
            return type == has ? null : $"a {type}";
        if (cloud.Size is { } size)
        {
            var wanted = OfferOrder.TypeOf(
                size.ToString(),
                cloud.Architecture is { } named ? named == MachineArchitecture.Arm : isArm
            );
            return wanted == has ? null : $"a {wanted}";
        }

        return cloud.Architecture is { } architecture && architecture == MachineArchitecture.Arm != isArm
            ? $"{architecture}"
            : null;
    }

    /// <summary>Whether the node has something that cannot leave its location.</summary>
    public static bool IsTiedToItsLocation(DeploymentNode node) =>
        node.Spec is { Volumes.Count: > 0 } or { Address: AddressPolicy.Kept };

    /// <summary>
    /// Whether the VM is gone for good, by the provider's own word: there is nothing to lose on it any more. One that is off, or does not answer, has its disk.
    /// </summary>
    public static bool IsLost(Machine machine) =>
        machine.Status.Conditions.Any(held =>
            held.Type == Provisioned.Type.Name && held.Status == "False" && held.Reason == Provisioned.ServerGone.Name
        );

    /// <summary>Whether the VM serves.</summary>
    public static bool IsReady(Machine machine) => Holds(machine, "Ready");

    /// <summary>Whether a Machine that was begun still is what is asked for.</summary>
    public static bool StillFits(Machine begun, Machine wanted) =>
        (begun.Status.ServerId is not null || IsOrderedAlike(begun.Spec, wanted.Spec))
        && begun.Spec.Image == wanted.Spec.Image
        && wanted.Spec.Offers.Count > 0
        && begun
            .Spec.Offers.Select(offer => (offer.ServerType, offer.Location))
            .SequenceEqual(wanted.Spec.Offers.Select(offer => (offer.ServerType, offer.Location)));

    // What only matters to the order: a limit that was raised is why it could not be bought.
    private static bool IsOrderedAlike(MachineSpec begun, MachineSpec wanted) =>
        begun.MaxHourlyPrice == wanted.MaxHourlyPrice
        && begun.Architecture == wanted.Architecture
        && begun.Network == wanted.Network;

    private static bool Holds(Machine machine, string condition) =>
        machine.Status.Conditions.Any(held => held.Type == condition && held.Status == "True");
}
