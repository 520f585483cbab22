using Sam.Crds.V1Alpha1;
using Sam.Runtime.Informers;

namespace Sam.Operator.Limits;

/// <summary>Finds what belongs to a Project in the caches.</summary>
internal static class ProjectIndexes
{
    /// <summary>Machines by their Project.</summary>
    public static IndexDefinition<Machine> Machines { get; } =
        new("project", machine => [Key(machine.Metadata.NamespaceProperty, machine.Spec.ProjectRef?.Name)]);

    /// <summary>DeploymentNodes by their Project.</summary>
    public static IndexDefinition<DeploymentNode> Nodes { get; } =
        new("project", node => [Key(node.Metadata.NamespaceProperty, node.Spec.ProjectRef.Name)]);

    /// <summary>The key under which they lie.</summary>
    public static string Key(string @namespace, string? project) => $"{@namespace}/{project}";
}
