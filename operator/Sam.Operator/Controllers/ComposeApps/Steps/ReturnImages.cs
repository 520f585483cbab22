using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Removes the images that only the app's releases used, while the releases still say which. A node that goes takes them with it.</summary>
internal sealed class ReturnImages(ImageTidying tidying) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        tidying.LetGo(context.App.Metadata.Uid);
        var stays = context is { Node.Metadata.DeletionTimestamp: null, Machine.Metadata.DeletionTimestamp: null };
        if (stays && context.Link is { } link)
            await tidying.TidyAsync(context.App, link, Sam.Compose.Planning.ImageRetention.GoodBefore, cancellationToken);
        return StepResult.Continue();
    }
}
