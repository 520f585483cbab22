using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Rules.Costs;
using Sam.Rules.Offers;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Buys the server. The only code in SAM that spends money at Hetzner.</summary>
internal class BuyServer(
    IHetznerClients clients,
    OfferMarket market,
    ServerLookup lookup,
    ServerOrder order,
    OrderSupplies supplies,
    MachineOptions options,
    ILeadership leadership
) : IStep<MachineContext>
{
    private const int AttemptLimit = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SupplyRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotFoundRetry = TimeSpan.FromMinutes(1);

    // A new token wakes the Machine at once; this is for an account that the provider opens again.
    private static readonly TimeSpan TokenRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => Provisioned.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        if (context.Server is { } server)
        {
            await PriceAsync(context, server, cancellationToken);
            return await AwaitAddressAsync(context, server, cancellationToken);
        }

        // Bought and booted, and the provider did not answer this time.
        if (context.Machine.Status is { ServerId: { } id, PublicIPv4: { } address })
            return StepResult.Continue(Provisioned.ServerRunning, Place(context, id, address));
        try
        {
            return await OrderAsync(context, cancellationToken);
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Unauthorized)
        {
            return StepResult.Stop(Provisioned.TokenRefused, e.Message, TokenRecheck);
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Invalid)
        {
            return StepResult.Stop(Provisioned.RequestRejected, e.Message, Recheck);
        }
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

    private async Task<StepResult> OrderAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var token = context.Token!.Value;
        if (market.QuotaPause(token) is { } pause)
            return StepResult.Requeue(
                pause,
                Provisioned.QuotaExceeded,
                "The account's limit is reached; asked again after its cool-down"
            );

        if (RejectedLately(context) is { } rejected)
            return rejected;

        var sold = await market.SoldAsync(token, cancellationToken);
        var offers = context.Machine.Spec.Offers.Select(offer => new Offer(offer.ServerType, offer.Location)).ToList();
        if (ForeignArchitecture(context.Machine, offers, sold) is { } foreign)
            return StepResult.Stop(Provisioned.NoOffer, foreign, Recheck);
        var prices = sold.ToDictionary(entry => entry.Key, entry => entry.Value.Tariff.Hourly);
        var limit = context.Machine.Spec.MaxHourlyPrice is { } text
            ? decimal.Parse(text, CultureInfo.InvariantCulture)
            : (decimal?)null;
        return OfferOrder.Choose(offers, prices, limit, market.Refusals(token), context.Run.Now) switch
        {
            OfferChoice.Buy(var offer, _) => await BuyAsync(context, offer, sold[offer].Tariff, cancellationToken),
            OfferChoice.Wait(var after) => WaitForCapacity(context, offers.Count, after),
            OfferChoice.None(var why) => StepResult.Stop(Provisioned.NoOffer, why, Recheck),
            var other => throw new InvalidOperationException($"Unhandled offer choice {other}"),
        };
    }

    /// <summary>A clock of its own, without an end: what no offer has now, one has later.</summary>
    private static StepResult WaitForCapacity(MachineContext context, int offers, TimeSpan after)
    {
        var since = context.Machine.Status.WaitingForCapacitySince ??= context.Run.Now;
        return StepResult.Requeue(
            after,
            Provisioned.NoCapacity,
            $"All {offers} offers were refused lately; waiting since {since:u}, asked again at {context.Run.Now + after:u}"
        );
    }

    /// <summary>The same request would be refused again: what was written down about the last try must not be what starts the next one.</summary>
    private static StepResult? RejectedLately(MachineContext context)
    {
        var machine = context.Machine;
        if (
            machine.Status.Rejection is not { } rejection
            || rejection.Generation != machine.Metadata.Generation
            || context.Run.Now >= rejection.Until
        )
            return null;
        return StepResult.Stop(Provisioned.RequestRejected, rejection.Message, rejection.Until - context.Run.Now);
    }

    private static StepResult Reject(MachineContext context, string message, TimeSpan pause)
    {
        context.Machine.Status.Rejection = new MachineRejection
        {
            Generation = context.Machine.Metadata.Generation ?? 0,
            Message = message.Length <= ConditionWriter.MessageLimit ? message : message[..ConditionWriter.MessageLimit],
            Until = context.Run.Now + pause,
        };
        return StepResult.Stop(Provisioned.RequestRejected, message, pause);
    }

    private static string? ForeignArchitecture(
        Machine machine,
        IEnumerable<Offer> offers,
        IReadOnlyDictionary<Offer, Sold> sold
    ) =>
        machine.Spec.Architecture is { } wanted
        && offers.FirstOrDefault(offer =>
            sold.TryGetValue(offer, out var known) && known.Architecture.ToString() != wanted.ToString()
        )
            is { } other
            ? $"{other.ServerType} is {sold[other].Architecture}, and architecture {wanted} is asked for; change one of the two"
            : null;

    private async Task<StepResult> BuyAsync(
        MachineContext context,
        Offer offer,
        Tariff tariff,
        CancellationToken cancellationToken
    )
    {
        var token = context.Token!.Value;
        var supply = await supplies.ForAsync(token, context.Machine, cancellationToken);
        MachineCost.Agree(context.Machine.Status, tariff);
        await ClaimAsync(context, offer, cancellationToken);

        leadership.ThrowIfNotLeader();
        var outcome = await clients.For(token).CreateServerAsync(order.For(context, offer, supply), cancellationToken);
        lookup.Invalidate(token);
        switch (outcome)
        {
            case CreateOutcome.Created(var bought, _):
                market.Bought(token, offer);
                context.Machine.Status.Rejection = null;
                Attempt(context, offer, "created");
                ObserveServer.Record(context, bought);
                context.Server = bought;
                // The id is in status before anything else happens.
                await context.Run.CheckpointAsync(cancellationToken);
                return await AwaitAddressAsync(context, bought, cancellationToken);
            case CreateOutcome.NoCapacity(var code, var message):
                market.Refuse(token, offer);
                return Refused(
                    context,
                    offer,
                    code,
                    StepResult.Requeue(
                        TimeSpan.FromMilliseconds(10),
                        Provisioned.NoCapacity,
                        $"{offer}: {message}; the next offer is tried"
                    )
                );
            case CreateOutcome.Quota(var code, var message):
                market.QuotaReached(token);
                return Refused(
                    context,
                    offer,
                    code,
                    StepResult.Requeue(market.QuotaPause(token) ?? Recheck, Provisioned.QuotaExceeded, message)
                );
            case CreateOutcome.Rejected(var code, var message, "ssh_keys" or "firewalls" or "networks"):
                // Somebody deleted what this process made: it is made again.
                supplies.Forget(token);
                return Refused(
                    context,
                    offer,
                    code,
                    Reject(context, $"{message}; it is looked for again", SupplyRetry)
                );
            case CreateOutcome.Rejected(HetznerCodes.NotFound, var message, null):
                // It does not say what: what we made is looked for again, and less often, since it may be what the spec names.
                supplies.Forget(token);
                return Refused(context, offer, HetznerCodes.NotFound, Reject(context, message, NotFoundRetry));
            case CreateOutcome.Rejected(var code, var message, var path):
                return Refused(
                    context,
                    offer,
                    code,
                    Reject(context, path is null ? message : $"{path}: {message}", Recheck)
                );
            case CreateOutcome.NameTaken(var message):
                return await AdoptAsync(context, message, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unhandled create outcome {other}");
        }
    }

    /// <summary>Durable before the call: after a crash the next run finds the claim, looks the server up by its labels and adopts it.</summary>
    protected virtual Task ClaimAsync(MachineContext context, Offer offer, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        // Claimed by an earlier try: a new moment would be a write, its event the next run, and no pause would ever be kept.
        if (status.Claim is { } claim && claim.ServerType == offer.ServerType && claim.Location == offer.Location)
            return Task.CompletedTask;
        status.Claim = new MachineClaim
        {
            ServerType = offer.ServerType,
            Location = offer.Location,
            At = context.Run.Now,
        };
        return context.Run.CheckpointAsync(cancellationToken);
    }

    /// <summary>The name is the fence: it is taken by our own lost create, or by somebody else's server.</summary>
    private async Task<StepResult> AdoptAsync(MachineContext context, string message, CancellationToken cancellationToken)
    {
        var found = await lookup.FindAsync(context.Token!.Value, context.Machine, TimeSpan.Zero, cancellationToken);
        if (found is null)
            return StepResult.Stop(Provisioned.NameTaken, $"{context.ServerName}: {message}", Recheck);
        ObserveServer.Record(context, found);
        context.Server = found;
        return await AwaitAddressAsync(context, found, cancellationToken);
    }

    private async Task<StepResult> AwaitAddressAsync(MachineContext context, Server server, CancellationToken cancellationToken)
    {
        if (server.Status == ServerStatus.Off)
        {
            await clients.For(context.Token!.Value).PowerOnAsync(server.Id, cancellationToken);
            lookup.Invalidate(context.Token!.Value);
            return StepResult.Requeue(Poll, Provisioned.ServerOff, $"Server {server.Id} was off; it is being switched on");
        }

        context.Machine.Status.WaitingForCapacitySince = null;
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

    private static StepResult Refused(MachineContext context, Offer offer, string code, StepResult result)
    {
        // Nothing was bought: without the claim no later run looks for it.
        context.Machine.Status.Claim = null;
        Attempt(context, offer, code);
        return result;
    }

    private static void Attempt(MachineContext context, Offer offer, string code)
    {
        var attempts = context.Machine.Status.Attempts;
        if (attempts.Count == AttemptLimit)
            attempts.RemoveAt(0);
        attempts.Add(
            new MachineAttempt
            {
                ServerType = offer.ServerType,
                Location = offer.Location,
                Code = code,
                At = context.Run.Now,
            }
        );
    }
}
