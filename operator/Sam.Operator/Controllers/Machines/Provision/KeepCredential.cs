using Sam.Operator.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Copies the token that pays into the operator's namespace, so that the delete never depends on a user's Secret.</summary>
internal sealed class KeepCredential(CredentialCopies copies) : IStep<MachineContext>
{
    public ConditionType? Condition => CredentialsReady.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var reason =
            context.TokenFault?.ProjectMissing == true ? CredentialsReady.ProjectNotFound : CredentialsReady.TokenMissing;
        if (context.Token is not { } token)
            return StepResult.Stop(reason, context.TokenFault!.Why);

        // A kept copy serves what was bought with it; it never buys anew.
        if (context.TokenFault is { } fault && context.Machine.Status.ServerId is null && context.Machine.Status.Claim is null)
            return StepResult.Stop(reason, fault.Why);

        if (!token.IsCopy)
        {
            await copies.KeepAsync(context.Machine.Spec.MachineId, token.Value, cancellationToken);
            context.Machine.Status.CredentialSource = token.Source;
        }

        context.Machine.Status.CredentialCopy = CredentialCopies.NameOf(context.Machine.Spec.MachineId);
        return StepResult.Continue(CredentialsReady.TokenResolved, token.Origin);
    }
}
