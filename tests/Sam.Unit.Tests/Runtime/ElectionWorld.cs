using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Sam.Runtime.Hosting;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Processes that want the same lease.</summary>
internal sealed class ElectionWorld(Simulation sim)
{
    public const string Path = "/apis/coordination.k8s.io/v1/namespaces/ops/leases/main";

    public MemoryCluster Cluster { get; } = new(sim);

    /// <summary>Who ended itself, and with what code.</summary>
    public List<(string Name, int Code)> Exits { get; } = [];

    public JsonObject? Lease => Cluster.Find(Path);

    public string? Holder => Lease?["spec"]?["holderIdentity"]?.GetValue<string>();

    /// <summary>Starts a process; one that loses the lease is gone.</summary>
    public Candidate Start(string name)
    {
        var process = sim.Process(name);
        var elector = new LeaderElector(
            new LeaseOptions
            {
                Namespace = "ops",
                Name = "main",
                Identity = name,
            },
            new KubernetesResourceClient<V1Lease>(Cluster, new AlwaysLeader(), []),
            new Exit(this, process),
            process.Clock,
            NullLogger<LeaderElector>.Instance
        );
        return new Candidate(process, elector);
    }

    public async Task<Candidate> LeadAsync(string name)
    {
        var candidate = Start(name);
        await sim.UntilAsync(() => candidate.Elector.IsLeader, TimeSpan.FromSeconds(20), $"{name} leads");
        return candidate;
    }

    private sealed class Exit(ElectionWorld world, SimulatedProcess process) : IProcessExit
    {
        void IProcessExit.Exit(int code)
        {
            world.Exits.Add((process.Name, code));
            process.Kill();
        }
    }
}

/// <summary>A process and its elector.</summary>
internal sealed class Candidate : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public Candidate(SimulatedProcess process, LeaderElector elector)
    {
        Process = process;
        Elector = elector;
        _run = process.Start(() => elector.RunAsync(_end.Token));
    }

    public SimulatedProcess Process { get; }

    public LeaderElector Elector { get; }

    /// <summary>What it does beside; ends soon after <see cref="IsEnding"/>.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    public bool IsEnding { get; set; }

    public void Dispose() => _end.Dispose();

    /// <summary>Ends the elector in order.</summary>
    public Task End()
    {
        _end.Cancel();
        return _run;
    }

    /// <summary>Does something inside the process; returns the fault.</summary>
    public async Task<Exception?> Try(Func<Task> act)
    {
        Exception? fault = null;
        await Process.Start(async () => fault = await Record.ExceptionAsync(act));
        return fault;
    }
}
