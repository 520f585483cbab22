using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// Makes the address that the provider gave the server one that outlives it, if the Machine asks for that; or takes over the one that a Machine handed over.
/// </summary>
internal sealed class KeepAddress(IHetznerClients clients, ServerLookup lookup, AddressTakeover takeover, ILeadership leadership)
    : IStep<MachineContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var machine = context.Machine;
        if (
            // A move that began is ended, whatever is asked for by now: the server is off meanwhile.
            (machine.Spec.Address != AddressPolicy.Kept && machine.Status.AddressMoving != true)
            || machine.Status.PrimaryIPv4Id is not null
            || context.Server is not { } server
        )
            return StepResult.Continue();
        if (
            machine.Spec.TakesOverFrom is not null
            && await takeover.RunAsync(context, server.Id, cancellationToken) is { } moving
        )
            return moving;
        if (server.PrimaryIPv4Id is not { } id)
            return StepResult.Continue();
        leadership.ThrowIfNotLeader();
        // Repeating it is harmless, so nothing is written down before; the labels find it even if its id was lost.
        await clients
            .For(context.Token!.Value)
            .KeepPrimaryIpAsync(id, context.ServerName, lookup.LabelsOf(machine), cancellationToken);
        machine.Status.PrimaryIPv4Id = id;
        return StepResult.Continue();
    }
}
