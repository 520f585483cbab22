using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Waits until the node serves none of the app's routes any more; the node drops them as soon as the app is being deleted.</summary>
internal sealed class WithdrawRoutes : IStep<ComposeAppContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    // A node that cannot tell Caddy must not hold up an app's end: the containers go all the same.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public ConditionType? Condition => RoutesReady.Type;

    public Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var node = context.Node;
        var waits =
            node is { Metadata.DeletionTimestamp: null }
            && context.Link is not null
            && node.Status.Apps.Any(app => app.Uid == context.App.Metadata.Uid)
            && context.Run.Now - context.Run.StepStartedAt < Longest;
        if (waits)
            return Task.FromResult(StepResult.Requeue(Poll, RoutesReady.AwaitingCaddy, "Caddy still serves the routes"));
        context.App.Status.Routes = [];
        return Task.FromResult(StepResult.Continue(RoutesReady.NoRoutes, "The routes are withdrawn"));
    }
}
