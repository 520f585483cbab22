using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Provision;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Controllers.Machines.Sweep;
using Sam.Operator.Controllers.Machines.Teardown;
using Sam.Operator.Credentials;
using Sam.Operator.Limits;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines;

/// <summary>The door of the room.</summary>
internal static class MachineRegistration
{
    /// <summary>Adds the Machine controller.</summary>
    public static IRuntimeBuilder AddMachines(
        this IRuntimeBuilder runtime,
        MachineOptions options,
        SweepOptions sweep,
        CredentialUsers users
    )
    {
        runtime.Services.AddSingleton<IStepContextFactory<Machine, MachineContext>, MachineContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<Machine>, MachineConditionSet>();
        runtime.Services.AddSingleton(options);
        runtime.Services.AddSingleton(sweep);
        runtime.Services.AddSingleton<OfferMarket>();
        runtime.Services.AddSingleton<ServerLookup>();
        runtime.Services.AddSingleton<ServerOrder>();
        runtime.Services.AddSingleton<KeepCredential>();
        runtime.Services.AddSingleton<ObserveServer>();
        runtime.Services.AddSingleton<HoldSlot>();
        runtime.Services.AddSingleton<FirewallPlan>();
        runtime.Services.AddSingleton<FirewallKeeper>();
        runtime.Services.AddSingleton<OrderSupplies>();
        runtime.Services.AddSingleton<BuyServer>();
        runtime.Services.AddSingleton<ServerArrival>();
        runtime.Services.AddSingleton<GuardServer>();
        runtime.Services.AddSingleton<AddressTakeover>();
        runtime.Services.AddSingleton<AddressTakeover>();
        runtime.Services.AddSingleton<KeepAddress>();
        runtime.Services.AddSingleton<VolumePauses>();
        runtime.Services.AddSingleton<EnsureVolumes>();
        runtime.Services.AddSingleton<AwaitEngine>();
        runtime.Services.AddSingleton<WatchEngine>();
        runtime.Services.AddSingleton<DeleteServer>();
        runtime.Services.AddSingleton<ReleaseVolumes>();
        runtime.Services.AddSingleton<ReleaseAddress>();
        runtime.Services.AddSingleton<DropCredential>();
        runtime.Services.AddSingleton<SweepTokens>();
        runtime.Services.AddSingleton<SweptThings>();
        runtime.Services.AddSingleton<SweepReport>();
        return runtime
            .AddPeriodicTask<OrphanSweep>()
            .AddInformer(ProjectIndexes.Machines)
            .AddController<MachineController, Machine>(
                new ControllerOptions { FinalizerName = Names.Finalizer, Parallelism = 32 }
            )
            // A Project that appears or names another Secret changes the token that pays.
            .Watches<MachineController, Machine, Project>(
                (project, stores) => MachinesOf(project.Metadata.NamespaceProperty, project.Metadata.Name, stores)
            )
            // The token that pays, for a Project or for those that name none.
            .Watches<MachineController, Machine, MetadataOf<V1Secret>>((secret, stores) => MachinesPaidBy(users, secret, stores));
    }

    private static IEnumerable<ObjectKey> MachinesPaidBy(CredentialUsers users, MetadataOf<V1Secret> secret, IStores stores)
    {
        var home = secret.Metadata.NamespaceProperty;
        var paid = users
            .Payers(secret, stores)
            .SelectMany(project => MachinesOf(project.Metadata.NamespaceProperty, project.Metadata.Name, stores));
        return CredentialUsers.IsForHetzner(secret) ? paid.Concat(MachinesOf(home, null, stores)) : paid;
    }

    private static IEnumerable<ObjectKey> MachinesOf(string home, string? project, IStores stores) =>
        stores
            .Of<Machine>()
            .ByIndex(ProjectIndexes.Machines.Name, ProjectIndexes.Key(home, project))
            .Select(machine => ObjectKey.Of(machine));
}
