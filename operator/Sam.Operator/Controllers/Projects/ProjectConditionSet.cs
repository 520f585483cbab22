using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects;

/// <summary>What a Project's conditions add up to. What nobody configured does not count.</summary>
internal sealed class ProjectConditionSet : IConditionSet<Project>
{
    public IReadOnlyList<ConditionType> All => ProjectConditions.All;

    public IReadOnlyList<ConditionType> ForReady => ProjectConditions.ForReady;

    public IReadOnlyList<ConditionType> ForReadyOf(Project entity) => [.. ForReady.Where(type => Counts(type, entity))];

    public void Derive(Project entity) { }

    private static bool Counts(ConditionType type, Project project)
    {
        var reason = project.Status.Conditions.FirstOrDefault(condition => condition.Type == type.Name)?.Reason;
        if (type == RepositoryVerified.Type)
            return reason is null ? project.Spec.Github is not null : reason != RepositoryVerified.NotConfigured.Name;
        return type != TokenSecretsFresh.Type || reason is not null || project.Spec.TokenSecrets.Count > 0;
    }
}
