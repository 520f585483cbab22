using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Gives a kept address back once its server is gone; found by label, so that one whose id was lost goes too.</summary>
internal sealed class ReleaseAddress(
    IHetznerClients clients,
    ServerLookup lookup,
    Leftovers leftovers,
    IEventRecorder events,
    ILeadership leadership
) : IStep<MachineContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => null;

    public Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken) =>
        !Leftovers.WasBought(context.Machine)
        || (context.Machine.Spec.Address == AddressPolicy.Ephemeral && context.Machine.Status.PrimaryIPv4Id is null)
            ? Task.FromResult(StepResult.Continue())
            : leftovers.WithTokenAsync(context, token => ReleaseAsync(context, token, cancellationToken));

    private async Task<StepResult> ReleaseAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        var client = clients.For(token);
        foreach (
            var address in await client.ListPrimaryIpsAsync(
                lookup.SelectorOf(context.Machine),
                Spending.Delete,
                cancellationToken
            )
        )
        {
            if (address.Labels.ContainsKey(Names.ServerLabels.Retained))
                continue;
            leadership.ThrowIfNotLeader();
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

            switch (await client.DeletePrimaryIpAsync(address.Id, cancellationToken))
            {
                case DeleteOutcome.Protected(var why):
                    return StepResult.Requeue(
                        Recheck,
                        Provisioned.DeletionBlocked,
                        $"Left at the provider: address {address.Id} ({address.Address}). It is protected: {why}; take the protection off at the provider"
                    );
                case DeleteOutcome.Locked(var why):
                    return StepResult.Requeue(Poll, Provisioned.ServerDeleting, $"Address {address.Id}: {why}");
            }
        }

        return StepResult.Continue();
    }
}
