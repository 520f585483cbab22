using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Runtime.Resources;
using Sam.Simulators.Hetzner;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;

namespace Sam.Testing.Worlds;

/// <summary>
/// Everything around the operator, in virtual time and in memory: the Kubernetes API, the provider, the engines. It outlives every process of the
/// operator, as the real one does.
/// </summary>
public sealed class VirtualWorld : IDisposable
{
    /// <summary>The user's namespace.</summary>
    public const string Home = "demo";

    /// <summary>The operator's namespace.</summary>
    public const string System = VirtualInstallation.Home;

    private int _processes;

    /// <summary>Makes one, with the user's namespace, its token and the operator's installation.</summary>
    public VirtualWorld(Simulation sim)
    {
        ArgumentNullException.ThrowIfNull(sim);
        Sim = sim;
        Cluster = new MemoryCluster(sim) { KeepsRequests = false, Latency = Latency };
        Cluster.Before = request =>
        {
            if (IsEffect(request))
                _arrived = Gate.Arrive($"{request.Method} {request.Path}");
        };
        Faults = new MemoryFaults(Cluster, sim.Random, writesRefused: 0);
        var answer = Cluster.Fault;
        Cluster.Fault = request => Drop(request) ?? KubernetesFault(request) ?? answer(request);
        Cluster.Written = request =>
        {
            if (IsEffect(request))
                Gate.Happened($"{request.Method} {request.Path}");
        };
        Hetzner = new HetznerModel(new HetznerSimulatorOptions { TimeProvider = sim.Clock });
        Engines = new RecordOnlyLinks(sim.Clock, RecordedCaddy.Script());
        Create(VirtualInstallation.Secret());
        Create(A.Secret(A.TokenSecret, ("token", HetznerSimulatorOptions.DefaultToken)));
    }

    private bool _arrived = true;

    /// <summary>Where it lives.</summary>
    public Simulation Sim { get; }

    /// <summary>The Kubernetes API.</summary>
    public MemoryCluster Cluster { get; }

    /// <summary>The provider.</summary>
    public HetznerModel Hetzner { get; }

    /// <summary>The engines of all Machines.</summary>
    public RecordOnlyLinks Engines { get; }

    /// <summary>Every effect passes here.</summary>
    public EffectGate Gate { get; } = new();

    /// <summary>May answer in place of the Kubernetes API.</summary>
    public Func<Sam.Runtime.Transport.TransportRequest, Sam.Runtime.Transport.TransportResponse?> KubernetesFault { get; set; } =
        _ => null;

    /// <summary>Faults of the Kubernetes API, by chance.</summary>
    public MemoryFaults Faults { get; }

    /// <summary>While true nobody reaches the provider.</summary>
    public bool IsProviderCut { get; set; }

    /// <summary>Starts a process of the operator.</summary>
    public SimulatedOperator Start(Action<SimulatedOperatorSetup>? configure = null) =>
        SimulatedOperator.Start(this, $"operator-{++_processes}", configure);

    /// <summary>Creates an object as a user would; into <see cref="Home"/> if it names no namespace.</summary>
    public void Create<TEntity>(TEntity entity)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<TEntity>();
        entity.Metadata.NamespaceProperty ??= Home;
        (entity.ApiVersion, entity.Kind) = (kind.ApiVersion, kind.Kind);
        Cluster.Put(PathOf<TEntity>(entity.Metadata.Name, entity.Metadata.NamespaceProperty), KubernetesJson.Serialize(entity));
    }

    /// <summary>Asks for the end of an object as a user would.</summary>
    public void Delete<TEntity>(string name)
        where TEntity : IKubernetesObject<V1ObjectMeta> => Cluster.BeginDelete(PathOf<TEntity>(name, Home));

    /// <summary>An object is gone and nobody hears of it, as after a restore.</summary>
    public void Lose<TEntity>(string name)
        where TEntity : IKubernetesObject<V1ObjectMeta> => Cluster.Remove(PathOf<TEntity>(name, Home), silently: true);

    /// <summary>All objects of a kind.</summary>
    public IReadOnlyList<TEntity> All<TEntity>(string home = Home)
        where TEntity : IKubernetesObject<V1ObjectMeta> =>
        [.. Cluster.All(ResourceKind.Of<TEntity>().CollectionPath(home)).Select(Read<TEntity>)];

    /// <summary>How many objects of a kind are so; none is read whole, so that it may be asked often.</summary>
    public int Count<TEntity>(Func<JsonObject, bool> which, string home = Home)
        where TEntity : IKubernetesObject<V1ObjectMeta> => Cluster.Count(ResourceKind.Of<TEntity>().CollectionPath(home), which);

    /// <summary>One object; null if it is gone.</summary>
    public TEntity? Find<TEntity>(string name, string home = Home)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        Cluster.Find(PathOf<TEntity>(name, home)) is { } found ? Read<TEntity>(found) : null;

    /// <summary>One object as it is stored; null if it is gone.</summary>
    public JsonObject? Raw<TEntity>(string name, string home = Home)
        where TEntity : IKubernetesObject<V1ObjectMeta> => Cluster.Find(PathOf<TEntity>(name, home));

    /// <summary>Where a Secret of the user is.</summary>
    public string SecretPath(string name) => PathOf<V1Secret>(name, Home);

    /// <inheritdoc/>
    public void Dispose() => Engines.Dispose();

    internal HttpMessageHandler WireTo(HttpMessageHandler far, Func<bool> isCut) =>
        new Wire(Sim, far, Latency, Gate) { IsCut = isCut };

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(Sim.Random.Next(1, 30));

    private Sam.Runtime.Transport.TransportResponse? Drop(Sam.Runtime.Transport.TransportRequest request)
    {
        if (_arrived)
            return null;
        _arrived = true;
        return MemoryCluster.Refuse(503, $"{request.Method} was lost");
    }

    // Leases and events are no effects that anything is decided by.
    private static bool IsEffect(Sam.Runtime.Transport.TransportRequest request) =>
        request.Method != HttpMethod.Get
        && !request.Path.Contains("/leases", StringComparison.Ordinal)
        && !request.Path.Contains("/events", StringComparison.Ordinal);

    private static string PathOf<TEntity>(string name, string home) =>
        $"{ResourceKind.Of<TEntity>().CollectionPath(home)}/{name}";

    private static TEntity Read<TEntity>(JsonObject json) => KubernetesJson.Deserialize<TEntity>(json.ToJsonString());
}
