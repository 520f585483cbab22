using System.Globalization;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Rules.Offers;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>Which VM a node asks for; what the node leaves out comes from the Project.</summary>
internal static class NodeMachine
{
    /// <summary>What is asked for.</summary>
    /// <param name="Size">The size, if no exact type is named.</param>
    /// <param name="ServerType">The provider's type.</param>
    public sealed record Order(string? Size, string ServerType);

    /// <summary>Size and type; an explicit size on the node is never replaced by the Project's server type.</summary>
    public static Order OrderOf(DeploymentNode node, Project? project)
    {
        var (own, shared) = (node.Spec.Cloud, project?.Spec.Cloud);
        var type = own?.ServerType ?? (own?.Size is null ? shared?.ServerType : null);
        var size = (own?.Size ?? shared?.Size ?? MachineSize.Small).ToString();
        return type is null
            ? new Order(size, OfferOrder.TypeOf(size, ArchitectureOf(node, project) == MachineArchitecture.Arm))
            : new Order(null, type);
    }

    /// <summary>Name of a node's Machine; it derives from the durable id.</summary>
    public static string NameOf(DeploymentNode node) => NameOf(node, node.Status.MachineId!);

    /// <summary>Name of the Machine of this id.</summary>
    public static string NameOf(DeploymentNode node, string machineId) => $"{node.Metadata.Name}-{machineId[..6]}";

    /// <summary>The type, if somebody asked for it, by its name or by a size; null if it is SAM's default.</summary>
    public static string? AskedType(DeploymentNode node, Project? project) =>
        node.Spec.Cloud is { ServerType: not null } or { Size: not null }
        || project?.Spec.Cloud is { ServerType: not null } or { Size: not null }
            ? OrderOf(node, project).ServerType
            : null;

    /// <summary>The locations, if somebody asked for some.</summary>
    public static IList<string> AskedLocations(DeploymentNode node, Project? project) =>
        node.Spec.Cloud?.Locations ?? project?.Spec.Cloud?.Locations ?? [];

    private static MachineArchitecture? ArchitectureOf(DeploymentNode node, Project? project) =>
        node.Spec.Cloud?.Architecture ?? project?.Spec.Cloud?.Architecture;

    /// <summary>The Machine; its name derives from the durable id, so that a second create is refused.</summary>
    public static Machine New(DeploymentNode node, Project? project)
    {
        var (own, shared) = (node.Spec.Cloud, project?.Spec.Cloud);
        return new Machine
        {
            ApiVersion = Names.ApiVersion,
            Kind = "Machine",
            Metadata = MetadataOf(node),
            Spec = new MachineSpec
            {
                MachineId = node.Status.MachineId!,
                Role = MachineRole.Deployment,
                ProjectRef = new LocalReference { Name = node.Spec.ProjectRef.Name },
                Provider = own?.Provider ?? shared?.Provider ?? CloudProvider.Hetzner,
                Offers =
                [
                    .. OfferOrder
                        .Expand(OrderOf(node, project).ServerType, [.. AskedLocations(node, project)])
                        .Select(offer => new MachineOffer { ServerType = offer.ServerType, Location = offer.Location }),
                ],
                Image = own?.Image ?? shared?.Image ?? "docker-ce",
                MaxHourlyPrice = own?.MaxHourlyPrice ?? shared?.MaxHourlyPrice,
                DeletionPolicy = node.Spec.DeletionPolicy,
                Architecture = ArchitectureOf(node, project),
                AdoptServerId = node.Status.AdoptedServerId,
                SshKeys = own?.SshKeys ?? shared?.SshKeys,
                Network = own?.Network ?? shared?.Network,
                Volumes = node.Spec.Volumes,
                Address = node.Spec.Address,
            },
        };
    }

    /// <summary>
    /// The Machine that is to take the place of the node's own. It begins with a server alone: volumes and a kept address come to it once the other one has
    /// let them go, and they stay in their location.
    /// </summary>
    public static Machine Successor(DeploymentNode node, Project? project, string machineId, Machine old)
    {
        var machine = New(node, project);
        machine.Metadata.Name = NameOf(node, machineId);
        machine.Spec.MachineId = machineId;
        machine.Spec.TakesOverFrom = old.Spec.MachineId;
        (machine.Spec.AdoptServerId, machine.Spec.Volumes, machine.Spec.Address) = (null, null, AddressPolicy.Ephemeral);
        if (ReplacementRule.IsTiedToItsLocation(node))
            machine.Spec.Offers = [.. machine.Spec.Offers.Where(offer => offer.Location == old.Status.Location)];
        return machine;
    }

    /// <summary>The node's own Machine. One that took another one's place and was deleted by hand must not buy what is handed over to it.</summary>
    public static Machine Own(DeploymentNode node, Project? project)
    {
        var machine = New(node, project);
        if (node.Status.Replacement is not { Phase: not ReplacementPhase.Preparing } replacement)
            return machine;
        machine.Spec.TakesOverFrom = replacement.MachineId;
        if (replacement.Phase != ReplacementPhase.TakingOver)
            (machine.Spec.Volumes, machine.Spec.Address) = (null, AddressPolicy.Ephemeral);
        return machine;
    }

    /// <summary>The server that an annotation asks to be taken over; null if there is no annotation, or no id in it.</summary>
    public static long? AdoptedId(DeploymentNode node) =>
        long.TryParse(
            node.Metadata.Annotations?.TryGetValue(Names.Annotations.AdoptServerId, out var text) == true ? text : null,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var id
        )
        && id > 0
            ? id
            : null;

    private static V1ObjectMeta MetadataOf(DeploymentNode node) =>
        new()
        {
            Name = node.Status.MachineRef!.Name,
            NamespaceProperty = node.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [Names.Labels.Project] = node.Spec.ProjectRef.Name,
                [Names.Labels.Node] = node.Metadata.Name,
            },
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = Names.ApiVersion,
                    Kind = "DeploymentNode",
                    Name = node.Metadata.Name,
                    Uid = node.Metadata.Uid,
                    Controller = true,
                },
            ],
        };
}
