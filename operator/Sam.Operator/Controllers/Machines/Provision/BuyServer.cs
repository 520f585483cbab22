using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
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
    ILeadership leadership
) : IStep<MachineContext>
{
    private const int AttemptLimit = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);

    // A new token wakes the Machine at once; this is for an account that the provider opens again.
    private static readonly TimeSpan TokenRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => Provisioned.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        if (context.Server is { } server)
            return await AwaitAddressAsync(context, server, cancellationToken);
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

        var tariffs = await market.TariffsAsync(token, cancellationToken);
        var prices = tariffs.ToDictionary(entry => entry.Key, entry => entry.Value.Hourly);
        var offers = context.Machine.Spec.Offers.Select(offer => new Offer(offer.ServerType, offer.Location)).ToList();
        var limit = context.Machine.Spec.MaxHourlyPrice is { } text
            ? decimal.Parse(text, CultureInfo.InvariantCulture)
            : (decimal?)null;
        return OfferOrder.Choose(offers, prices, limit, market.Refusals(token), context.Run.Now) switch
        {
            OfferChoice.Buy(var offer, _) => await BuyAsync(context, offer, tariffs[offer], cancellationToken),
            OfferChoice.Wait(var after) => StepResult.Requeue(
                after,
                Provisioned.NoCapacity,
                $"All {offers.Count} offers were refused lately"
            ),
            OfferChoice.None(var why) => StepResult.Stop(Provisioned.NoOffer, why, Recheck),
            var other => throw new InvalidOperationException($"Unhandled offer choice {other}"),
        };
    }

    private async Task<StepResult> BuyAsync(
        MachineContext context,
        Offer offer,
        Tariff tariff,
        CancellationToken cancellationToken
    )
    {
        var token = context.Token!.Value;
        MachineCost.Agree(context.Machine.Status, tariff);
        await ClaimAsync(context, offer, cancellationToken);

        leadership.ThrowIfNotLeader();
        var outcome = await clients.For(token).CreateServerAsync(order.For(context, offer), cancellationToken);
        lookup.Invalidate(token);
        switch (outcome)
        {
            case CreateOutcome.Created(var bought, _):
                market.Bought(token, offer);
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
            case CreateOutcome.Rejected(var code, var message, var path):
                return Refused(
                    context,
                    offer,
                    code,
                    StepResult.Stop(Provisioned.RequestRejected, path is null ? message : $"{path}: {message}", Recheck)
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

        if (server.Status == ServerStatus.Deleting)
            return StepResult.Requeue(Poll, Provisioned.ServerGone, $"Server {server.Id} is being deleted by somebody else");

        // An address is enough to go on: the engine's own answer says more about the boot than the provider's list, and costs no call.
        return context.Machine.Status.PublicIPv4 is { } address
            ? StepResult.Continue(Provisioned.ServerRunning, Place(context, server.Id, address))
            : StepResult.Requeue(Poll, Provisioned.ServerCreating, $"Server {server.Id} has no address yet");
    }

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
