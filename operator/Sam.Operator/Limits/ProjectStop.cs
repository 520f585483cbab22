using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Limits;

/// <summary>Whether a Project starts anything new.</summary>
internal static class ProjectStop
{
    /// <summary>Why it does not, in one sentence; null if it does.</summary>
    public static string? Why(Project project) =>
        project switch
        {
            { Metadata.DeletionTimestamp: not null } =>
                $"Project {project.Metadata.Name} is being deleted; nothing new starts in it",
            { Spec.Suspend: true } => $"Project {project.Metadata.Name} is suspended (spec.suspend); nothing new starts in it",
            _ => null,
        };
}
