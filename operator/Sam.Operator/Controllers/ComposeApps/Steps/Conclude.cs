using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Forgets releases beyond the limit, then tells what stalls the app, if anything does.</summary>
internal sealed class Conclude(Releases releases, SpentSecrets secrets) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var spare = KeptReleases.Spare(context.App);
        await secrets.EmptyAsync(context, spare, cancellationToken);
        foreach (var release in spare)
        {
            await releases.DropAsync(context.App, release.Number, cancellationToken);
            context.App.Status.Releases.Remove(release);
        }

        return context.Halt ?? StepResult.Continue();
    }
}
