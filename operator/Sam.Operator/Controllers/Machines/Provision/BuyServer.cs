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

/// <summary>Buys the server. With <see cref="EnsureVolumes"/> the only code in SAM that spends money at Hetzner.</summary>
internal class BuyServer(
    IHetznerClients clients,
    OfferMarket market,
    ServerLookup lookup,
    ServerOrder order,
    OrderSupplies supplies,
    ServerArrival arrival,
    ILeadership leadership
) : IStep<MachineContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    // Costs no call: a delete may have ended the cool-down.
    private static readonly TimeSpan QuotaLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SupplyRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotFoundRetry = TimeSpan.FromMinutes(1);

    // A new token wakes the Machine at once; this is for an account that the provider opens again.
    private static readonly TimeSpan TokenRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => Provisioned.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        if (context.Server is not null || context.Machine.Status.ServerId is not null)
            return await arrival.LookAsync(context, cancellationToken);
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

    private async Task<StepResult> OrderAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var token = context.Token!.Value;
        if (market.QuotaPause(token) is { } pause)
            return StepResult.Requeue(
                pause < QuotaLook ? pause : QuotaLook,
                Provisioned.QuotaExceeded,
                "The account's limit is reached; asked again after its cool-down"
            );

        if (OrderNotes.RejectedLately(context) is { } rejected)
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
            OfferChoice.Buy(var offer, _) => await InTurnAsync(context, offer, sold[offer].Tariff, cancellationToken),
            OfferChoice.Wait(var after) => OrderNotes.WaitForCapacity(context, offers.Count, after),
            OfferChoice.None(var why) => StepResult.Stop(Provisioned.NoOffer, why, Recheck),
            var other => throw new InvalidOperationException($"Unhandled offer choice {other}"),
        };
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

    /// <summary>After a refusal one asks for all: the others come back to what it was told, and no worker waits.</summary>
    private async Task<StepResult> InTurnAsync(
        MachineContext context,
        Offer offer,
        Tariff tariff,
        CancellationToken cancellationToken
    )
    {
        var window = market.WindowOf(context.Token!.Value);
        if (!window.TryEnter())
            return StepResult.Requeue(Turn, Provisioned.OrderQueued, "Other orders of this account are on their way");
        try
        {
            return await BuyAsync(context, offer, tariff, cancellationToken);
        }
        finally
        {
            window.Leave(context.Server is not null);
        }
    }

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
        return await ConcludeAsync(context, offer, outcome, cancellationToken);
    }

    private async Task<StepResult> ConcludeAsync(
        MachineContext context,
        Offer offer,
        CreateOutcome outcome,
        CancellationToken cancellationToken
    )
    {
        var token = context.Token!.Value;
        switch (outcome)
        {
            case CreateOutcome.Created(var bought, _):
                market.Bought(token, offer);
                context.Machine.Status.Rejection = null;
                OrderNotes.Attempt(context, offer, "created");
                ObserveServer.Record(context, bought);
                context.Server = bought;
                // The id is in status before anything else happens.
                await context.Run.CheckpointAsync(cancellationToken);
                return await arrival.LookAsync(context, cancellationToken);
            case CreateOutcome.NoCapacity(var code, var message):
                market.Refuse(token, offer);
                return OrderNotes.Refused(
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
                return OrderNotes.Refused(
                    context,
                    offer,
                    code,
                    StepResult.Requeue(QuotaLook, Provisioned.QuotaExceeded, message)
                );
            case CreateOutcome.Rejected rejected:
                return Rejected(context, offer, rejected);
            case CreateOutcome.NameTaken(var message):
                return await AdoptAsync(context, message, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unhandled create outcome {other}");
        }
    }

    /// <summary>What this process made and somebody deleted is made again; so is what an answer may mean that does not say what it lacks.</summary>
    private StepResult Rejected(MachineContext context, Offer offer, CreateOutcome.Rejected rejected)
    {
        var (code, message, path) = (rejected.Code, rejected.Message, rejected.Path);
        var pause =
            path is "ssh_keys" or "firewalls" or "networks" ? SupplyRetry
            : code == HetznerCodes.NotFound ? NotFoundRetry
            : Recheck;
        if (pause < Recheck)
            supplies.Forget(context.Token!.Value);
        return OrderNotes.Refused(
            context,
            offer,
            code,
            OrderNotes.Reject(context, path is null ? message : $"{(path == "image" ? "spec.image" : path)}: {message}", pause)
        );
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
        return await arrival.LookAsync(context, cancellationToken);
    }
}
