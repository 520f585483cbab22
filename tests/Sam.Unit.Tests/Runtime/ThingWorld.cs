using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A whole runtime with <see cref="ThingController"/>, users who change Things, and figures about both.</summary>
internal sealed class ThingWorld
{
    private static readonly string[] s_colors = ["red", "green", "blue", "black"];
    private readonly Simulation _sim;
    private readonly List<(string Namespace, string Name)> _alive = [];

    public ThingWorld(Simulation sim, IReadOnlyList<string> namespaces, MemoryCluster? cluster = null)
    {
        _sim = sim;
        Namespaces = namespaces;
        Cluster = cluster ?? new MemoryCluster(sim) { KeepsRequests = false };
        Cluster.Written = Count;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(sim.Clock);
        services.AddSingleton<IKubernetesTransport>(Cluster);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<ThingParts>();
        services.AddSingleton<IStepContextFactory<Thing, StepRun<Thing>>>(provider => provider.GetRequiredService<ThingParts>());
        services.AddSingleton<IConditionSet<Thing>>(provider => provider.GetRequiredService<ThingParts>());
        services
            .AddKubernetesRuntime(options => (options.Seed, options.Namespaces) = (sim.Seed, namespaces))
            .AddController<ThingController, Thing>(new ControllerOptions { FinalizerName = "test.dev/things" });
        Services = services.BuildServiceProvider();
        Host = Services.GetServices<IHostedService>().Single();
        Controller = Services.GetRequiredService<ThingController>();
    }

    public IReadOnlyList<string> Namespaces { get; }

    public MemoryCluster Cluster { get; }

    public ServiceProvider Services { get; }

    public IHostedService Host { get; }

    public ThingController Controller { get; }

    /// <summary>Writes to Things that were done, whatever was answered.</summary>
    public int Writes { get; private set; }

    public int Created { get; private set; }

    public int Changed { get; private set; }

    public int Deleted { get; private set; }

    /// <summary>Finalizer, "building" and "done" for a new Thing; "building" and "done" for a change; the finalizer at the end.</summary>
    public int WritesNeeded => (3 * Created) + (2 * Changed) + Deleted;

    /// <summary>Another process over the same cluster, with figures of its own; its controller builds in no time.</summary>
    public ThingWorld Restart() => new(_sim, Namespaces, Cluster) { Controller = { BuildTime = TimeSpan.Zero } };

    public void Create()
    {
        var (home, name) = (Namespaces[_sim.Random.Next(Namespaces.Count)], $"t{Created++:00000}");
        Cluster.Put(Thing.Path(name, home), Thing.Json(name, home));
        _alive.Add((home, name));
    }

    /// <summary>A user does something to some Thing.</summary>
    public void ChangeSomething()
    {
        var chosen = _sim.Random.Next(_alive.Count);
        var (home, name) = _alive[chosen];
        if (_sim.Random.Next(10) == 0)
        {
            _alive.RemoveAt(chosen);
            Deleted++;
            Cluster.Change(Thing.Path(name, home), thing => thing["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");
            Create();
            return;
        }

        Cluster.Change(Thing.Path(name, home), Repaint);
        Changed++;
    }

    /// <summary>What is wrong with the Things, in words; nothing if all is right.</summary>
    public IReadOnlyList<string> Wrongs()
    {
        var things = Namespaces.SelectMany(home => Cluster.All($"/apis/test.dev/v1/namespaces/{home}/things")).ToList();
        var wrongs = things.Where(thing => !IsRight(thing)).Select(thing => thing.ToJsonString()).ToList();
        if (things.Count != _alive.Count)
            wrongs.Add($"{things.Count} Things exist, {_alive.Count} should");
        var uids = things.Select(thing => thing["metadata"]!["uid"]!.GetValue<string>());
        wrongs.AddRange(Controller.Standing.Except(uids).Select(uid => $"{uid} still stands outside"));
        return wrongs;
    }

    /// <summary>Events live an hour at a real server.</summary>
    public void ExpireEvents()
    {
        foreach (var home in Namespaces)
        {
            var events = $"/apis/events.k8s.io/v1/namespaces/{home}/events";
            foreach (var entity in Cluster.All(events))
                Cluster.Remove($"{events}/{entity["metadata"]!["name"]}", silently: true);
        }
    }

    private void Repaint(JsonObject thing)
    {
        var now = thing["spec"]!["color"]!.GetValue<string>();
        var others = s_colors.Where(color => color != now).ToArray();
        thing["spec"]!["color"] = others[_sim.Random.Next(others.Length)];
    }

    private void Count(TransportRequest request) => Writes += request.Path.Contains("/things/", StringComparison.Ordinal) ? 1 : 0;

    private static bool IsRight(JsonObject thing)
    {
        var status = thing["status"];
        var conditions = status?["conditions"]?.AsArray();
        return status?["observedGeneration"]?.GetValue<long>() == thing["metadata"]!["generation"]!.GetValue<long>()
            && status["claim"]?.GetValue<string>() == thing["spec"]!["color"]!.GetValue<string>()
            && conditions!.Count == 3
            && conditions.All(condition => condition!["status"]!.GetValue<string>() == "True");
    }
}
