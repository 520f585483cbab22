using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>The Hetzner Cloud API in memory, without a front: Kestrel and <see cref="CreateHandler"/> are two ways to it.</summary>
public sealed class HetznerModel
{
    private readonly HetznerPipeline _pipeline;

    /// <summary>Makes one; time passes in it when somebody looks.</summary>
    public HetznerModel(HetznerSimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Faults = new HetznerFaults(options.TimeProvider);
        _pipeline = new HetznerPipeline(options, Faults);
        // Above 32 bits, as the real ones will be one day: a client with int ids breaks here and not in production.
        var last = 5_000_000_000L;
        long NextId() => Interlocked.Add(ref last, 10);
        Routes = HetznerRoutes.Of(_pipeline, options, NextId);
    }

    /// <summary>The faults to play.</summary>
    public HetznerFaults Faults { get; }

    internal IReadOnlyList<HetznerRoute> Routes { get; }

    internal HetznerPipeline Pipeline => _pipeline;

    /// <summary>The servers of a project, time having passed.</summary>
    public IReadOnlyList<SimulatedServer> Servers(string project = "default") =>
        HetznerControl.Servers(_pipeline.Project(project));

    /// <summary>Servers ever made in a project.</summary>
    public long ServersCreated(string project = "default") => _pipeline.Project(project).ServersCreated;

    /// <summary>The volumes of a project, as the API shows them.</summary>
    public IReadOnlyList<JsonObject> Volumes(string project = "default") =>
        Things(project, state => state.Volumes.Values.Select(volume => volume.ToJson()));

    /// <summary>The firewalls of a project, as the API shows them.</summary>
    public IReadOnlyList<JsonObject> Firewalls(string project = "default") =>
        Things(project, state => state.Firewalls.Values.Select(firewall => firewall.ToJson()));

    /// <summary>The private networks of a project, as the API shows them.</summary>
    public IReadOnlyList<JsonObject> Networks(string project = "default") =>
        Things(project, state => state.Networks.Values.Select(network => network.ToJson()));

    /// <summary>The addresses of a project, as the API shows them.</summary>
    public IReadOnlyList<JsonObject> PrimaryIps(string project = "default") =>
        Things(project, state => state.PrimaryIps.Values.Select(address => address.ToJson()));

    /// <summary>The SSH keys of a project, as the API shows them.</summary>
    public IReadOnlyList<JsonObject> SshKeys(string project = "default") =>
        Things(project, state => state.SshKeys.Values.Select(key => key.ToJson()));

    /// <summary>How often something of a kind (`server`, `volume`, `firewall`, `ssh_key`) was ever made under each name.</summary>
    public IReadOnlyDictionary<string, int> EverMade(string kind, string project = "default")
    {
        var state = _pipeline.Project(project);
        lock (state.Lock)
        {
            return state
                .EverMade.Where(made => made.Key.Kind == kind)
                .ToDictionary(made => made.Key.Name, made => made.Value, StringComparer.Ordinal);
        }
    }

    /// <summary>Calls of a project by `METHOD route status`.</summary>
    public IReadOnlyDictionary<string, long> Calls(string project = "default")
    {
        var state = _pipeline.Project(project);
        lock (state.Lock)
        {
            return new Dictionary<string, long>(state.Calls, StringComparer.Ordinal);
        }
    }

    /// <summary>Counts calls anew.</summary>
    public void ForgetCalls(string project = "default")
    {
        var state = _pipeline.Project(project);
        lock (state.Lock)
        {
            state.Calls.Clear();
        }
    }

    /// <summary>Makes a token known.</summary>
    public void Know(SimulatedToken token) => _pipeline.Know(token);

    /// <summary>Makes a token unknown.</summary>
    public void Forget(string token) => _pipeline.Forget(token);

    /// <summary>A way to it without sockets, threads or timers of its own: the answer is there when the call returns, unless a fault delays it.</summary>
    public HttpMessageHandler CreateHandler() => new HetznerHandler(Routes);

    private List<JsonObject> Things(string project, Func<HetznerProject, IEnumerable<JsonObject>> things)
    {
        var state = _pipeline.Project(project);
        lock (state.Lock)
        {
            state.Settle();
            return [.. things(state)];
        }
    }
}
