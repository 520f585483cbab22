using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines;

/// <summary>Gathers what a run over a Machine needs: the token that pays, or the kept copy of it.</summary>
internal sealed class MachineContextFactory(ProviderTokens tokens, CredentialCopies copies)
    : IStepContextFactory<Machine, MachineContext>
{
    public async Task<MachineContext> ObserveAsync(StepRun<Machine> run, CancellationToken cancellationToken)
    {
        var machine = run.Entity;
        MachineCost.Count(machine.Status, run.Now);
        var wanted = await tokens.ResolveAsync(
            machine.Metadata.NamespaceProperty,
            machine.Spec.ProjectRef?.Name,
            cancellationToken
        );
        if (wanted.Token is { } token && !IsOtherAccount(machine, token))
            return new MachineContext(run, token, null);
        // What created a thing is kept until the thing is gone: the user's Secret, Project or namespace may be gone already.
        var copy = await copies.FindAsync(machine.Spec.MachineId, cancellationToken);
        return new MachineContext(run, copy ?? wanted.Token, wanted.Fault);
    }

    /// <summary>The platform's token bought the server and the user's own is found now, or the other way round: it is not in that account.</summary>
    private static bool IsOtherAccount(Machine machine, ProviderToken token) =>
        machine.Status is { ServerId: not null } or { Claim: not null }
        && machine.Status.CredentialSource is { } bought
        && (bought == CredentialSource.Platform) != (token.Source == CredentialSource.Platform);
}
