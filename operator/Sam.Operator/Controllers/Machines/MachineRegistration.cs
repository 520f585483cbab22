using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Provision;
using Sam.Operator.Controllers.Machines.Teardown;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines;

/// <summary>The door of the room.</summary>
internal static class MachineRegistration
{
    /// <summary>Adds the Machine controller.</summary>
    public static IRuntimeBuilder AddMachines(this IRuntimeBuilder runtime, MachineOptions options)
    {
        runtime.Services.AddSingleton<IStepContextFactory<Machine, MachineContext>, MachineContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<Machine>, MachineConditionSet>();
        runtime.Services.AddSingleton(options);
        runtime.Services.AddSingleton<OfferMarket>();
        runtime.Services.AddSingleton<ServerLookup>();
        runtime.Services.AddSingleton<ServerOrder>();
        runtime.Services.AddSingleton<KeepCredential>();
        runtime.Services.AddSingleton<ObserveServer>();
        runtime.Services.AddSingleton<BuyServer>();
        runtime.Services.AddSingleton<AwaitEngine>();
        runtime.Services.AddSingleton<WatchEngine>();
        runtime.Services.AddSingleton<DeleteServer>();
        runtime.Services.AddSingleton<DropCredential>();
        return runtime
            .AddController<MachineController, Machine>(
                new ControllerOptions { FinalizerName = Names.Finalizer, Parallelism = 32 }
            )
            // A Project that appears or names another Secret changes the token that pays.
            .Watches<MachineController, Machine, Project>(
                (project, stores) =>
                    stores
                        .Of<Machine>()
                        .List(project.Metadata.NamespaceProperty)
                        .Where(machine => machine.Spec.ProjectRef?.Name == project.Metadata.Name)
                        .Select(machine => ObjectKey.Of(machine))
            );
    }
}
