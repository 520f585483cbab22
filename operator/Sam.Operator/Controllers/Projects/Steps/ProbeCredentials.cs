using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials.Probes;
using Sam.Rules.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Has credentials tried whose value is new, with one cheap call each. A warning: nothing waits for it, and nothing is held up by it.</summary>
internal sealed class ProbeCredentials(ProbeMemory memory, IRequeue<Project> wake) : IStep<ProjectContext>
{
    public ConditionType? Condition => CredentialsValid.Type;

    public Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Judge(Ask(context)));

    private List<Answer> Ask(ProjectContext context)
    {
        var (home, name) = (context.Namespace, context.Project.Metadata.Name);
        var asked =
            from shown in context.Project.Status.Credentials
            let found = context.Credentials.Resolve(shown.Consumer) as Resolution.Found
            // The platform's own are the platform team's to watch.
            where found is { Layer: not CredentialLayer.Platform } && memory.CanTry(shown.Consumer, found.Credential)
            select new Answer(shown.Consumer, memory.Ask(shown.Consumer, found.Credential, () => wake.Enqueue(home, name)));
        return [.. asked];
    }

    private static StepResult Judge(List<Answer> answers)
    {
        if (answers.Count == 0)
            return StepResult.Continue(CredentialsValid.NothingToProbe, "No credential here can be tried without using it");
        if (Said(answers, ProbeVerdict.Refused) is { Length: > 0 } refused)
            return StepResult.Continue(
                CredentialsValid.CredentialRefused,
                refused,
                reconfirmAfter: ProbeMemory.LifeOf(ProbeVerdict.Refused)
            );
        if (answers.Exists(answer => answer.Outcome is null))
            return StepResult.Continue(CredentialsValid.Probing, "A provider is being asked");
        return Said(answers, ProbeVerdict.Unanswered) is { Length: > 0 } silent
            ? StepResult.Continue(
                CredentialsValid.ProbeUnanswered,
                silent,
                reconfirmAfter: ProbeMemory.LifeOf(ProbeVerdict.Unanswered)
            )
            : StepResult.Continue(CredentialsValid.Accepted, $"{answers.Count} credentials were accepted by their providers");
    }

    private static string Said(IEnumerable<Answer> answers, ProbeVerdict verdict) =>
        string.Join(
            "; ",
            answers
                .Where(answer => answer.Outcome?.Verdict == verdict)
                .Select(answer => $"{answer.Consumer}: {answer.Outcome!.Detail}")
        );

    private sealed record Answer(string Consumer, ProbeOutcome? Outcome);
}
