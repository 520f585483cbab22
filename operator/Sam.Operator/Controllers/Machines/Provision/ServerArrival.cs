using Sam.Operator.Clients.Hetzner;
using Sam.Rules.Offers;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>What is to be done about a server that was bought until it has an address: it is switched on if it is off, and waited for until a deadline.</summary>
internal sealed class ServerArrival(
    IHetznerClients clients,
    OfferMarket market,
    ServerLookup lookup,
    MachineOptions options,
    ILeadership leadership
)
{
    private static readonly TimeSpan PowerPoll = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StillOff = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    /// <summary>Looks once; the answer speaks for the condition Provisioned.</summary>
    public async Task<StepResult> LookAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        if (context.Server is { } server)
        {
            status.WaitingForCapacitySince = null;
            await PriceAsync(context, server, cancellationToken);
            return await AwaitAddressAsync(context, server, cancellationToken);
        }

        // Not looked at this time: what was found last holds.
        return status.PublicIPv4 is { } address
            ? StepResult.Continue(Provisioned.ServerRunning, Place(context, status.ServerId!.Value, address))
            : StepResult.Requeue(Poll, Provisioned.ServerCreating, $"Server {status.ServerId} has no address yet");
    }

    /// <summary>A server that was taken over was not bought here: its price is what its type costs now.</summary>
    private async Task PriceAsync(MachineContext context, Server server, CancellationToken cancellationToken)
    {
        if (context.Machine.Status.Price is not null)
            return;
        var sold = await market.SoldAsync(context.Token!.Value, cancellationToken);
        if (sold.TryGetValue(new Offer(server.ServerType, server.Location), out var offer))
            MachineCost.Agree(context.Machine.Status, offer.Tariff);
    }

    private async Task<StepResult> AwaitAddressAsync(MachineContext context, Server server, CancellationToken cancellationToken)
    {
        // Off on purpose: the step that moves the address switches it on.
        if (context.Machine.Status.AddressMoving == true)
            return StepResult.Continue(Provisioned.AddressMoving, $"Server {server.Id} takes over an address");
        if (server.Status == ServerStatus.Off)
        {
            leadership.ThrowIfNotLeader();
            await clients.For(context.Token!.Value).PowerOnAsync(server.Id, cancellationToken);
            lookup.Invalidate(context.Token!.Value);
            return context.Run.Now - context.Run.StepStartedAt > options.CreateDeadline
                ? StepResult.Stop(
                    Provisioned.ServerOff,
                    $"Server {server.Id} stays off though it was switched on again and again; look at it at the provider",
                    StillOff
                )
                : StepResult.Requeue(PowerPoll, Provisioned.ServerOff, $"Server {server.Id} was off; it is being switched on");
        }

        if (server.Status == ServerStatus.Deleting)
            return StepResult.Requeue(Poll, Provisioned.ServerGone, $"Server {server.Id} is being deleted by somebody else");

        // An address is enough to go on: the engine's own answer says more about the boot than the provider's list, and costs no call.
        return context.Machine.Status.PublicIPv4 is { } address
            ? StepResult.Continue(Provisioned.ServerRunning, Place(context, server.Id, address))
            : AwaitLonger(context, server);
    }

    private StepResult AwaitLonger(MachineContext context, Server server) =>
        context.Run.Now - server.Created > options.CreateDeadline
            ? StepResult.Stop(
                Provisioned.CreateTimedOut,
                $"Server {server.Id} has no address {options.CreateDeadline.TotalMinutes:0} minutes after it was bought",
                Poll
            )
            : StepResult.Requeue(Poll, Provisioned.ServerCreating, $"Server {server.Id} has no address yet");

    private static string Place(MachineContext context, long id, string address) =>
        $"Server {id} ({context.Machine.Status.ServerType} in {context.Machine.Status.Location}) at {address}";
}
