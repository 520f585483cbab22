using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Gives a kept address back once its server is gone; found by label, so that one whose id was lost goes too, and by id, so that one that no list shows yet does.</summary>
internal sealed class ReleaseAddress(IHetznerClients clients, ServerLookup lookup, IEventRecorder events, ILeadership leadership)
    : IStep<MachineContext>
{
    public ConditionType? Condition => null;

    public Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken) =>
        !Leftovers.WasBought(context.Machine)
        || (
            context.Machine.Spec is { Address: AddressPolicy.Ephemeral, TakesOverFrom: null }
            && context.Machine.Status.PrimaryIPv4Id is null
        )
            ? Task.FromResult(StepResult.Continue())
            : Leftovers.WithTokenAsync(context, token => ReleaseAsync(context, token, cancellationToken));

    private async Task<StepResult> ReleaseAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        var client = clients.For(token);
        foreach (var address in await FindAsync(context, client, cancellationToken))
        {
            if (address.Labels.ContainsKey(Names.ServerLabels.Retained) || HandOver.IsDone(context.Machine, address.Labels))
                continue;
            leadership.ThrowIfNotLeader();
            // The kept one alone, and only if it is wanted still.
            if (
                context.Machine.Spec is { HandOverTo: { } heir, Address: AddressPolicy.Kept }
                && (address.Id == context.Machine.Status.PrimaryIPv4Id || address.Name == context.ServerName)
            )
            {
                await client.KeepPrimaryIpAsync(
                    address.Id,
                    MachineContext.ServerNameOf(heir),
                    HandOver.LabelsFor(heir, address.Labels, lookup.LabelsOf(context.Machine)),
                    cancellationToken
                );
                events.Record(
                    context.Machine,
                    "AddressHandedOver",
                    $"Address {address.Id} ({address.Address}) is Machine {heir}'s now"
                );
                continue;
            }

            if (context.Machine.Spec.DeletionPolicy == DeletionPolicy.Retain)
            {
                await client.KeepPrimaryIpAsync(address.Id, address.Name, Leftovers.Retained(address.Labels), cancellationToken);
                events.Record(
                    context.Machine,
                    "AddressRetained",
                    $"deletionPolicy is Retain: address {address.Id} ({address.Address}) stays at the provider"
                );
                continue;
            }

            var outcome = await client.DeletePrimaryIpAsync(address.Id, cancellationToken);
            var what = $"Address {address.Id} ({address.Address})";
            if (Leftovers.Refusal(outcome, what, what) is { } refused)
                return refused;
        }

        return StepResult.Continue();
    }

    private async Task<List<PrimaryIp>> FindAsync(MachineContext context, IHetzner client, CancellationToken cancellationToken)
    {
        var selector = lookup.SelectorOf(context.Machine);
        var addresses = (await client.ListPrimaryIpsAsync(selector, Spending.Delete, cancellationToken)).ToList();
        if (
            context.Machine.Status.PrimaryIPv4Id is { } known
            && addresses.All(address => address.Id != known)
            && await client.GetPrimaryIpAsync(known, cancellationToken) is { } unlisted
        )
            addresses.Add(unlisted);
        return addresses;
    }
}
