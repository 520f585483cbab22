using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Hosting;
using Sam.Operator.Installation;
using Sam.Runtime.Hosting;
using Sam.Runtime.Leases;
using Sam.Runtime.Transport;
using Sam.Testing.Simulations;

namespace Sam.Testing.Worlds;

/// <summary>What a test may change of a simulated process before it starts.</summary>
public sealed class SimulatedOperatorSetup
{
    /// <summary>Takes a Lease first, as the process does; a test with one process needs none.</summary>
    public bool Elects { get; set; }

    /// <summary>Pause between two signs of life of a Machine; long where many stories are lived and none is about it.</summary>
    public TimeSpan PingInterval { get; set; } = new MachineOptions().PingInterval;

    /// <summary>Pause between two looks at the Lease; longer where many stories are lived.</summary>
    public TimeSpan LeaseRetry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Puts services in the place of the operator's own.</summary>
    public Action<IServiceCollection> Replace { get; set; } = _ => { };
}

/// <summary>One process of the operator: all controllers, wired as the program wires them, over a virtual world.</summary>
public sealed class SimulatedOperator
{
    private readonly SimulatedProcess _process;
    private readonly string _name;
    private ServiceProvider? _services;

    private SimulatedOperator(SimulatedProcess process, string name) => (_process, _name) = (process, name);

    /// <summary>Whether it was killed, by a test or by itself.</summary>
    public bool IsDead => _process.IsKilled;

    /// <summary>As SIGKILL: nothing of it runs again; what it sent arrives all the same.</summary>
    public void Kill() => _process.Kill();

    /// <summary>As SIGSTOP.</summary>
    public void Stop() => _process.Stop();

    /// <summary>As SIGCONT.</summary>
    public void Continue() => _process.Continue();

    /// <summary>Ends it in order, as SIGTERM does.</summary>
    public Task TerminateAsync() =>
        _process.Start(async () =>
        {
            foreach (var hosted in _services!.GetServices<IHostedService>().Reverse())
                await hosted.StopAsync(CancellationToken.None);
        });

    internal static SimulatedOperator Start(VirtualWorld world, string name, Action<SimulatedOperatorSetup>? configure)
    {
        var setup = new SimulatedOperatorSetup();
        configure?.Invoke(setup);
        var started = new SimulatedOperator(world.Sim.Process(name), name);
        _ = started._process.Start(() => started.RunAsync(world, setup));
        return started;
    }

    private async Task RunAsync(VirtualWorld world, SimulatedOperatorSetup setup)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var options = new OperatorOptions { Namespace = VirtualInstallation.Home, LeaderElection = setup.Elects };
        services.AddOperator(
            options,
            runtime =>
            {
                runtime.Seed = world.Sim.Seed;
                if (setup.Elects)
                    runtime.Lease = new LeaseOptions
                    {
                        Namespace = options.Namespace,
                        Name = "sam-operator",
                        Identity = _name,
                        RetryPeriod = setup.LeaseRetry,
                    };
            }
        );
        services.AddSingleton(_process.Clock);
        services.AddSingleton<IKubernetesTransport>(world.Cluster);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<IProcessExit>(new Death(_process));
        services.AddSingleton<RandomIds>(new SeededIds(world.Sim));
        services.AddSingleton<IMachineLinks>(world.Engines);
        services.AddSingleton<IHetznerClients>(provider => new HetznerClients(
            options.Hetzner,
            _process.Clock,
            provider.GetRequiredService<HetznerMetrics>(),
            world.WireTo(world.Hetzner.CreateHandler(), () => world.IsProviderCut)
        ));
        services.AddSingleton(new MachineOptions { PingInterval = setup.PingInterval });
        setup.Replace(services);
        _services = services.BuildServiceProvider();
        await _services.LoadInstallationAsync(CancellationToken.None);
        foreach (var hosted in _services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
    }

    private sealed class Death(SimulatedProcess process) : IProcessExit
    {
        public void Exit(int code) => process.Kill();
    }

    private sealed class SeededIds(Simulation sim) : RandomIds
    {
        public override string Next() => $"{sim.Random.NextInt64():x16}";
    }
}
