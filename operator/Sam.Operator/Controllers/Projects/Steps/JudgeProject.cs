using k8s.Models;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Says that waiting does not help, where the steps before found something that only a person can mend.</summary>
internal sealed class JudgeProject : IStep<ProjectContext>
{
    public ConditionType? Condition => null;

    public Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var conditions = context.Project.Status.Conditions;
        var first = ForReady
            .Select(type => (Type: type, Found: conditions.FirstOrDefault(condition => condition.Type == type.Name)))
            .FirstOrDefault(pair => pair.Found?.Status == "False");
        return Task.FromResult(
            first.Found is { } found ? StepResult.Stop(ReasonOf(first.Type, found), found.Message) : StepResult.Continue()
        );
    }

    private static Reason? ReasonOf(ConditionType type, V1Condition found) =>
        type.Reasons.FirstOrDefault(reason => reason.Name == found.Reason);
}
