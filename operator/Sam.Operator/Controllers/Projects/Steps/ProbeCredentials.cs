using Sam.Operator.Credentials.Probes;
using Sam.Rules.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Tries credentials whose value is new with one cheap call each. A warning: nothing waits for it, and nothing is held up by it.</summary>
internal sealed class ProbeCredentials(ProbeMemory memory) : IStep<ProjectContext>
{
    public ConditionType? Condition => CredentialsValid.Type;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var asked = context
            .Project.Status.Credentials.Select(shown => (shown.Consumer, Resolution: context.Credentials.Resolve(shown.Consumer)))
            // The platform's own are the platform team's to watch.
            .Where(pair => pair.Resolution is Resolution.Found { Layer: not CredentialLayer.Platform })
            .Select(pair => AskAsync(pair.Consumer, ((Resolution.Found)pair.Resolution).Credential, cancellationToken));
        var answers = (await Task.WhenAll(asked)).Where(answer => answer.Outcome is not null).ToList();
        var refused = Said(answers, ProbeVerdict.Refused);
        var silent = Said(answers, ProbeVerdict.Unanswered);
        if (refused.Length > 0)
            return StepResult.Continue(
                CredentialsValid.CredentialRefused,
                refused,
                reconfirmAfter: ProbeMemory.LifeOf(ProbeVerdict.Refused)
            );
        if (silent.Length > 0)
            return StepResult.Continue(
                CredentialsValid.ProbeUnanswered,
                silent,
                reconfirmAfter: ProbeMemory.LifeOf(ProbeVerdict.Unanswered)
            );
        return answers.Count > 0
            ? StepResult.Continue(CredentialsValid.Accepted, $"{answers.Count} credentials were accepted by their providers")
            : StepResult.Continue(CredentialsValid.NothingToProbe, "No credential here can be tried without using it");
    }

    private static string Said(IEnumerable<(string Consumer, ProbeOutcome? Outcome)> answers, ProbeVerdict verdict) =>
        string.Join(
            "; ",
            answers
                .Where(answer => answer.Outcome!.Verdict == verdict)
                .Select(answer => $"{answer.Consumer}: {answer.Outcome!.Detail}")
        );

    private async Task<(string Consumer, ProbeOutcome? Outcome)> AskAsync(
        string consumer,
        Credential credential,
        CancellationToken cancellationToken
    ) => (consumer, await memory.AskAsync(consumer, credential, cancellationToken));
}
