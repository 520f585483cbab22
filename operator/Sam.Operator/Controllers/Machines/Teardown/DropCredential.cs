using Sam.Operator.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Removes the kept copy of the token, once nothing is left that it could delete.</summary>
internal sealed class DropCredential(CredentialCopies copies) : IStep<MachineContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        if (context.Machine.Status.ReleasedAt is null)
        {
            context.Machine.Status.ReleasedAt = context.Run.Now;
            // Durable first: whoever comes again must not ask for a credential that is gone.
            await context.Run.CheckpointAsync(cancellationToken);
        }

        await copies.DropAsync(context.Machine.Spec.MachineId, cancellationToken);
        return StepResult.Continue();
    }
}
