using Sam.Operator.Controllers.Projects.TokenSecrets;
using Sam.Operator.Tokens;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Ends every token of the Project and removes the Secrets that held them; an outage holds the Project for an hour at most, when they are dead by age.</summary>
internal sealed class RevokeTokens(ITokenBroker broker, TokenSecretObjects objects, RepositoryMemory memory)
    : IStep<ProjectContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var project = context.Project;
        await broker.EndAsync(TokenOwner.Of(project), cancellationToken);
        foreach (var (name, uid) in objects.Leftovers(project))
            await objects.DropAsync(project, name, uid, cancellationToken);
        memory.Forget(project.Metadata.Uid);
        return StepResult.Continue();
    }
}
