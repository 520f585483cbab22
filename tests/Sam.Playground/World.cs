using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster;
using Sam.Simulators;
using Sam.Simulators.Booting;
using Sam.Simulators.Hetzner;

namespace Sam.Playground;

/// <summary>Everything that SAM needs, on this machine: engines, Hetzner simulator, dev cluster, and the operator beside them.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>Namespace of the samples.</summary>
    public const string Home = "demo";

    private readonly Engines? _engines;

    private World(Engines? engines, BootedServers? servers, HetznerSimulator hetzner, DevClusterServer cluster)
    {
        (_engines, Servers, Hetzner, Cluster) = (engines, servers, hetzner, cluster);
        Kube = new KubeHttp(cluster.BaseAddress, cluster.BearerToken, cluster.AuthorityPem);
        Operator = new OperatorProcess(
            Path.Combine(Repository.State, "kubeconfig"),
            hetzner.Endpoint,
            servers is null,
            HealthPort,
            Path.Combine(Repository.State, "operator.log")
        );
    }

    /// <summary>Port of the operator's health and metrics.</summary>
    public static int HealthPort => 18081;

    /// <summary>Servers that boot for real; null in the record-only part.</summary>
    public BootedServers? Servers { get; }

    /// <summary>The simulated provider.</summary>
    public HetznerSimulator Hetzner { get; }

    /// <summary>The Kubernetes API.</summary>
    public DevClusterServer Cluster { get; }

    /// <summary>A client of it.</summary>
    public KubeHttp Kube { get; }

    /// <summary>The operator.</summary>
    public OperatorProcess Operator { get; }

    /// <summary>The engines' facts; null in the record-only part.</summary>
    public EngineLab? Lab => _engines?.Lab;

    /// <summary>Brings everything up, CRDs, token and samples included.</summary>
    /// <param name="samples">Folder of YAML to apply, or none.</param>
    /// <param name="isKept">Whether the cluster goes on with what the last such run left in <c>.sam/cluster</c>.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<World> StartAsync(string samples, bool isKept, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Repository.State);
        File.Delete(Path.Combine(Repository.State, "operator.log"));
        var engines = await Engines.UpAsync(cancellationToken);
        if (engines is null)
            Say("no engine: machines and containers are recorded, not run; everything else is real");
        var servers = engines is null
            ? null
            : await BootedServers.StartAsync(engines.Lab, TimeProvider.System, cancellationToken);
        var options = new HetznerSimulatorOptions
        {
            Delays = new HetznerDelays { Initialize = TimeSpan.FromSeconds(1), Start = TimeSpan.FromSeconds(1) },
        };
        var hetzner = await HetznerSimulator.StartAsync(
            servers is null ? options : options with { Backend = new BootedBackend(servers) },
            cancellationToken
        );
        var cluster = await DevClusterServer.StartAsync(
            new DevClusterOptions { DataFile = isKept ? Path.Combine(Repository.State, "cluster") : null },
            cancellationToken
        );
        cluster.WriteKubeconfig(Path.Combine(Repository.State, "kubeconfig"));
        var world = new World(engines, servers, hetzner, cluster);
        await world.PrepareAsync(cancellationToken);
        world.Operator.Start();
        Say(
            $"operator ready after {(await OperatorFigures.UntilReadyAsync(cancellationToken)).TotalSeconds:0.00} s, RSS {world.Operator.ResidentMiB} MiB"
        );
        await world.ApplySamplesAsync(samples, cancellationToken);
        await new EndpointsFile(world).WriteAsync(cancellationToken);
        return world;
    }

    /// <summary>One line for a person.</summary>
    public static void Say(string text) => Console.Out.WriteLine($"[{TimeProvider.System.GetLocalNow():HH:mm:ss}] {text}");

    /// <summary>Path of an object of the samples' namespace.</summary>
    public static string PathOf(string plural, string name) => $"apis/sam.dev/v1alpha1/namespaces/{Home}/{plural}/{name}";

    public async ValueTask DisposeAsync()
    {
        await Operator.DisposeAsync();
        Kube.Dispose();
        await Cluster.DisposeAsync();
        await Hetzner.DisposeAsync();
        if (Servers is not null)
            await Servers.DisposeAsync();
        if (_engines is not null)
            await _engines.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (
            var file in Directory
                .GetFiles(Path.Combine(Repository.Root, "crds/manifests"), "*.yaml")
                .Order(StringComparer.Ordinal)
        )
            await Kube.ApplyAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
        await Kube.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: sam-system}}", cancellationToken);
        await Kube.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {Home}}}}}", cancellationToken);
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes(HetznerSimulatorOptions.DefaultToken));
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "hcloud", ["namespace"] = Home },
            ["data"] = new JsonObject { ["token"] = token },
        };
        await Kube.ApplyAsync(secret.ToJsonString(), cancellationToken);
    }

    private async Task ApplySamplesAsync(string samples, CancellationToken cancellationToken)
    {
        if (samples is "none" or "")
            return;
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, samples), "*.yaml").Order(StringComparer.Ordinal))
        {
            await Kube.ApplyAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
            Say($"applied {Path.GetRelativePath(Repository.Root, file)}");
        }
    }
}
