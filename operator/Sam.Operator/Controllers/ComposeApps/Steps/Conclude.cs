using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Forgets releases beyond the limit, then tells what stalls the app, if anything does.</summary>
internal sealed class Conclude(Releases releases, SpentSecrets secrets) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var (spec, status) = (context.App.Spec, context.App.Status);
        var spare = status
            .Releases.Where(release =>
                release.Number != status.AppliedRelease
                && release.Number != status.DesiredRelease
                && release.Number != spec.RollbackTo
            )
            .Skip(spec.RevisionHistoryLimit)
            .ToList();
        await secrets.EmptyAsync(context, spare, cancellationToken);
        foreach (var release in spare)
        {
            await releases.DropAsync(context.App, release.Number, cancellationToken);
            status.Releases.Remove(release);
        }

        return context.Halt ?? StepResult.Continue();
    }
}
