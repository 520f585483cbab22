using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Deletes the app's releases; nothing waits for garbage collection.</summary>
internal sealed class DropReleases(Releases releases) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        await releases.DropAllAsync(context.App, cancellationToken);
        return StepResult.Continue();
    }
}
