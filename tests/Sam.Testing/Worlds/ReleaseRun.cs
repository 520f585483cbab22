using Microsoft.Extensions.DependencyInjection;
using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Runtime.Resources;
using Sam.Testing.Simulations;
using ContainerHealth = Sam.Operator.Clients.Docker.ContainerHealth;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Testing.Worlds;

/// <summary>
/// One release of an app while the operator dies at points of it: after that exactly one release is there, the old or the new one, whole; and at no moment was the routed
/// service without a healthy container behind its name, or a volume with two writers.
/// </summary>
public sealed class ReleaseRun
{
    private const string App = "shop";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private readonly Simulation _sim;
    private readonly VirtualWorld _world;
    private readonly List<string> _wrong = [];
    private bool _serves;
    private bool _good;

    private ReleaseRun(Simulation sim) => (_sim, _world) = (sim, new VirtualWorld(sim));

    /// <summary>What was wrong; empty: nothing.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>How often the operator died.</summary>
    public int Deaths { get; private set; }

    /// <summary>Effects of the second release and its repairs.</summary>
    public int Effects { get; private set; }

    /// <summary>What was released, and where it was struck.</summary>
    public string Story { get; private set; } = "";

    /// <summary>Lives one story.</summary>
    public static async Task<ReleaseRun> LiveAsync(Simulation sim)
    {
        var run = new ReleaseRun(sim);
        using (run._world)
            await run.LiveAsync();
        return run;
    }

    private RecordOnlyEngine Engine => _world.Engines.Engine(_world.All<Machine>().Single().Spec.MachineId);

    private ComposeApp Shop => _world.Find<ComposeApp>(App)!;

    private async Task LiveAsync()
    {
        _world
            .Engines.Script.Image("registry.test/migrate:1", new ImageScript { ExitsAfter = TimeSpan.FromSeconds(1) })
            .Image("registry.test/migrate:2", new ImageScript { ExitsAfter = TimeSpan.FromSeconds(1) })
            .Image("registry.test/migrate:bad", new ImageScript { ExitsAfter = TimeSpan.FromSeconds(1), ExitCode = 3 })
            .Image("registry.test/web:bad", new ImageScript { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromSeconds(3) })
            .Image("registry.test/web:crash", new ImageScript { ExitsAfter = TimeSpan.FromSeconds(1), ExitCode = 1 });
        _world.Create(A.Project());
        _world.Create(A.Node());
        _world.Create(A.Secret("token", ("token", "s3cret")));
        _world.Create(A.App(App).With(app => app.Spec.Compose = Compose(new Version())));
        var first = Start();
        await UntilAsync(() => IsSettled(1), "release 1 is applied");
        _serves = true;
        _world.Gate.Passed = _ => Watch();
        await ReleaseAsync(first);
        Judge();
    }

    private async Task ReleaseAsync(SimulatedOperator first)
    {
        var next = Next();
        var before = _world.Gate.Count;
        Arm(first);
        _world.Cluster.Change(
            $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/{App}",
            app =>
            {
                app["spec"]!["compose"] = Compose(next);
                app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );
        var now = first;
        for (var until = _sim.Elapsed + s_patience; _sim.Elapsed < until && !IsSettled(2); )
        {
            await _sim.AdvanceAsync(TimeSpan.FromMilliseconds(500));
            if (!now.IsDead)
                continue;
            Deaths++;
            await _sim.AdvanceAsync(TimeSpan.FromSeconds(_sim.Random.Next(0, 20)));
            now = Start();
            if (Deaths < 3 && _sim.Random.Next(2) == 0)
                Arm(now);
            else
                _world.Gate.Disarm();
        }

        _world.Gate.Disarm();
        Effects = _world.Gate.Count - before;
        Story = $"{next}; {string.Join(", ", _world.Gate.Struck)}";
        if (!IsSettled(2))
            _wrong.Add($"stuck: {Told()}");
        _good = next.IsGood;
    }

    private void Arm(SimulatedOperator victim) =>
        _world.Gate.Arm(_sim.Random.Next(22), _sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, victim.Kill);

    private SimulatedOperator Start() =>
        _world.Start(setup =>
            setup.Replace = services => services.AddSingleton<IMachineLinks>(new GatedEngines(_world.Engines, _world.Gate))
        );

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var until = _sim.Elapsed + s_patience; !condition(); await _sim.AdvanceAsync(TimeSpan.FromMilliseconds(500)))
        {
            if (_sim.Elapsed >= until)
                throw new TimeoutException($"Did not happen in time: {what}: {Told()}");
        }
    }

    // Told of the spec as it is, and nothing left to do.
    private bool IsSettled(long release)
    {
        var status = _world.Find<ComposeApp>(App)?.Status;
        return status?.DesiredRelease == release
            && status.ApplyState is ApplyState.Applied or ApplyState.Reverted
            && status.Releases.Any(record => record.Number == release && record.Outcome != "Pending")
            && status.Conditions.Any(found => found is { Type: "InSync", Status: "True" });
    }

    private string Told() =>
        string.Join(
            "; ",
            Shop.Status.Conditions.Where(found => found.Status != "True")
                .Select(found => $"{found.Type} {found.Reason} {found.Message}")
                .Prepend(Shop.Status.ApplyState.ToString())
        );

    private void Watch()
    {
        if (!_serves)
            return;
        var containers = Of(Engine);
        if (!containers.Any(container => IsService(container, "web") && IsServing(container)))
            _wrong.Add("nothing healthy was behind the routed name");
        if (containers.Count(container => IsService(container, "db") && container.State == ContainerState.Running) > 1)
            _wrong.Add("two containers wrote one volume");
    }

    private void Judge()
    {
        var status = Shop.Status;
        var expected = _good ? 2 : 1;
        if (status.AppliedRelease != expected)
            _wrong.Add($"release {status.AppliedRelease} is applied, not {expected}");
        if (!_good && status.ApplyState != ApplyState.Reverted)
            _wrong.Add($"a bad release ended as {status.ApplyState}");
        var containers = Of(Engine);
        foreach (
            var container in containers.Where(container =>
                container.State is not ContainerState.Running && !IsService(container, "migrate")
            )
        )
            _wrong.Add($"{container.Name} is {container.State}");
        foreach (var service in status.Services)
        {
            var own = containers.Where(container => IsService(container, service.Name)).ToList();
            if (own.Count != (service.Replicas ?? 1))
                _wrong.Add($"{own.Count} containers of {service.Name}, not {service.Replicas}");
            if (own.Any(container => !container.Image.EndsWith(service.Digest!, StringComparison.Ordinal)))
                _wrong.Add($"a container of {service.Name} is of another release");
        }

        if (containers.Count != status.Services.Sum(service => service.Replicas ?? 1))
            _wrong.Add($"{containers.Count} containers are left");
        if (containers.Count(IsServing) != 1)
            _wrong.Add($"{containers.Count(IsServing)} containers are at the edge");
        if (!Engine.Volumes.Any(volume => volume.EndsWith("_data", StringComparison.Ordinal)))
            _wrong.Add("the volume is gone");
        var secrets = _world.All<k8s.Models.V1Secret>().Count(secret => secret.Type == Names.ReleaseSecretType);
        if (secrets != status.Releases.Count)
            _wrong.Add($"{secrets} release Secrets for {status.Releases.Count} releases");
    }

    private static List<EngineContainer> Of(RecordOnlyEngine engine) =>
        [.. engine.Containers.Where(container => container.Labels.GetValueOrDefault(EngineNames.KindLabel) == EngineNames.Kind)];

    private static bool IsService(EngineContainer container, string service) =>
        container.Labels.GetValueOrDefault(EngineNames.ServiceLabel) == service;

    private static bool IsServing(EngineContainer container) =>
        container is { State: ContainerState.Running, Health: ContainerHealth.Healthy }
        && container
            .Networks.GetValueOrDefault(EngineNames.EdgeNetwork, [])
            .Any(alias => alias.EndsWith("-web", StringComparison.Ordinal));

    private Version Next() =>
        _sim.Random.Next(7) switch
        {
            0 => new Version(Web: "2"),
            1 => new Version(Web: "2", Db: "2"),
            2 => new Version(Web: "2", Migrate: "2", Workers: 3),
            3 => new Version(Web: "2", Workers: 1),
            4 => new Version(Web: "bad", IsGood: false),
            5 => new Version(Web: "crash", Db: "2", IsGood: false),
            _ => new Version(Web: "2", Migrate: "bad", IsGood: false),
        };

    private static string Compose(Version version) =>
        $$$"""
            services:
              web:
                image: registry.test/web:{{{version.Web}}}
                healthcheck: {test: [CMD, "true"], interval: 1s}
                depends_on: {migrate: {condition: service_completed_successfully}}
                secrets: [token]
                networks: [default, back]
              migrate:
                image: registry.test/migrate:{{{version.Migrate}}}
                depends_on: {db: {condition: service_healthy}}
              db:
                image: registry.test/db:{{{version.Db}}}
                healthcheck: {test: [CMD, "true"], interval: 1s}
                volumes: ["data:/data"]
                networks: [default, back]
              worker:
                image: registry.test/worker:1
                deploy: { replicas: {{{version.Workers}}} }
            volumes: {data: }
            networks: {back: {internal: true}}
            secrets: {token: {external: true}}
            """;

    private sealed record Version(string Web = "1", string Db = "1", string Migrate = "1", int Workers = 2, bool IsGood = true);
}
