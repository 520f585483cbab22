using Sam.Crds.V1Alpha1;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>What an app has to know of its node's disk, as the node's condition says it.</summary>
internal static class NodeDiskState
{
    /// <summary>No release is begun.</summary>
    public static bool IsFull(DeploymentNode? node) => ReasonOf(node) == DiskPressure.Full.Name;

    /// <summary>Images are collected eagerly.</summary>
    public static bool IsTight(DeploymentNode? node) => IsFull(node) || ReasonOf(node) == DiskPressure.CollectingImages.Name;

    /// <summary>What the node says of it.</summary>
    public static string Text(DeploymentNode? node) => Find(node)?.Message ?? "";

    private static string? ReasonOf(DeploymentNode? node) => Find(node)?.Reason;

    private static k8s.Models.V1Condition? Find(DeploymentNode? node) =>
        node?.Status.Conditions.FirstOrDefault(condition => condition.Type == DiskPressure.Type.Name);
}
