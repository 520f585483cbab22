using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Controllers.Machines.Provision;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Installation;
using Sam.Rules.Offers;
using Sam.Runtime.Leases;

namespace Sam.Testing.Worlds;

/// <summary>Mistakes that a harness must find: it proves nothing if it passes with one of them.</summary>
public enum PlantedBug
{
    /// <summary>None: the operator as it is.</summary>
    None,

    /// <summary>Nothing is written down before the call that costs money.</summary>
    NoClaim,

    /// <summary>A server whose id is not known is not looked for.</summary>
    NoLookup,
}

/// <summary>Puts a bug into an operator.</summary>
public static class PlantedBugs
{
    /// <summary>Plants it.</summary>
    public static void Plant(this SimulatedOperatorSetup setup, PlantedBug bug)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (bug == PlantedBug.NoClaim)
            setup.Replace = services => services.AddSingleton<BuyServer, Claimless>();
        if (bug == PlantedBug.NoLookup)
            setup.Replace = services => services.AddSingleton<ServerLookup, Blind>();
    }

    private sealed class Claimless(
        IHetznerClients clients,
        OfferMarket market,
        ServerLookup lookup,
        ServerOrder order,
        OrderSupplies supplies,
        ServerArrival arrival,
        ILeadership leadership
    ) : BuyServer(clients, market, lookup, order, supplies, arrival, leadership)
    {
        protected override Task ClaimAsync(MachineContext context, Offer offer, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }

    private sealed class Blind(IHetznerClients clients, InstallationIdentity installation) : ServerLookup(clients, installation)
    {
        public override Task<Server?> FindAsync(
            HetznerToken token,
            Machine machine,
            TimeSpan maxAge,
            CancellationToken cancellationToken
        ) =>
            machine.Status.ServerId is null
                ? Task.FromResult<Server?>(null)
                : base.FindAsync(token, machine, maxAge, cancellationToken);
    }
}
