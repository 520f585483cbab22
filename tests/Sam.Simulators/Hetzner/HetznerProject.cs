namespace Sam.Simulators.Hetzner;

/// <summary>Everything one project owns; time passes in it when somebody looks.</summary>
internal sealed class HetznerProject(string name, HetznerSimulatorOptions options)
{
    private readonly TimeProvider _time = options.TimeProvider;
    private double _tokens = options.RateLimit;
    private DateTimeOffset _refilled = options.TimeProvider.GetUtcNow();

    public string Name { get; } = name;
    public int RateLimit => options.RateLimit;
    public Lock Lock { get; } = new();
    public Dictionary<long, SimServer> Servers { get; } = [];
    public Dictionary<long, SimAction> Actions { get; } = [];
    public Dictionary<long, SimSshKey> SshKeys { get; } = [];
    public Dictionary<long, SimVolume> Volumes { get; } = [];
    public Dictionary<long, SimFirewall> Firewalls { get; } = [];
    public Dictionary<long, SimNetwork> Networks { get; } = [];
    public Dictionary<long, SimPrimaryIp> PrimaryIps { get; } = [];

    /// <summary>How often something of a kind and name was ever made: a duplicate shows here even if it is gone again.</summary>
    public Dictionary<(string Kind, string Name), int> EverMade { get; } = [];

    private List<SimAction> Unfinished { get; } = [];

    /// <summary>Calls by `METHOD route code`.</summary>
    public SortedDictionary<string, long> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>Servers ever made: a duplicate shows here even if it is gone again.</summary>
    public long ServersCreated => EverMade.Where(made => made.Key.Kind == "server").Sum(made => made.Value);

    public DateTimeOffset Now => _time.GetUtcNow();

    public SimAction? Running(SimServer server) => RunningOf(server).FirstOrDefault();

    /// <summary>The actions of a server that are not over.</summary>
    public IEnumerable<SimAction> RunningOf(SimServer server) =>
        Unfinished.Where(action => action.Server == server && action.Status == "running");

    /// <summary>Something was made; the lock is held.</summary>
    public void Made(string kind, string name) => EverMade[(kind, name)] = EverMade.GetValueOrDefault((kind, name)) + 1;

    /// <summary>Begins an action of a server; the lock is held.</summary>
    public SimAction Begin(long id, string command, SimServer server, TimeSpan duration, bool fails, Action? effect) =>
        Begin(
            new SimAction(id, command, [("server", server.Id)], Now, duration)
            {
                Server = server,
                Fails = fails,
                Effect = effect,
            }
        );

    /// <summary>Begins an action that locks no server; the lock is held.</summary>
    public SimAction Begin(long id, string command, IReadOnlyList<(string Type, long Id)> resources, TimeSpan duration) =>
        Begin(new SimAction(id, command, resources, Now, duration));

    /// <summary>Ends every action that is due; the lock is held.</summary>
    public void Settle()
    {
        var now = Now;
        // In the order of their due times, since one's effect begins another's.
        foreach (var action in Unfinished.Where(a => a.Due <= now).OrderBy(a => a.Due).ToList())
        {
            if (action.Status != "running" || !action.Work.IsCompleted)
            {
                continue;
            }
            action.Finished = now;
            if (action.Fails || action.Work.IsFaulted || action.Work.IsCanceled)
            {
                action.Status = "error";
                action.Error = action.Work.Exception?.GetBaseException().Message ?? "Action failed";
                // What was to follow on a failed step fails with it: a server that was not made does not start.
                foreach (var next in action.Server is { } server ? RunningOf(server).ToList() : [])
                {
                    (next.Status, next.Finished, next.Error) = ("error", now, "an earlier action failed");
                }
                continue;
            }
            action.Status = "success";
            action.Effect?.Invoke();
        }

        Unfinished.RemoveAll(action => action.Status != "running");
    }

    /// <summary>Spends one request; false if none is left.</summary>
    public bool Spend(out int remaining, out DateTimeOffset reset)
    {
        lock (Lock)
        {
            var now = Now;
            var perSecond = options.RateLimit / 3600.0;
            _tokens = Math.Min(options.RateLimit, _tokens + ((now - _refilled).TotalSeconds * perSecond));
            _refilled = now;
            var allowed = _tokens >= 1;
            if (allowed)
            {
                _tokens--;
            }
            remaining = (int)_tokens;
            reset = now + TimeSpan.FromSeconds((options.RateLimit - _tokens) / perSecond);
            return allowed;
        }
    }

    public void Count(string call)
    {
        lock (Lock)
        {
            Calls[call] = Calls.GetValueOrDefault(call) + 1;
        }
    }

    private SimAction Begin(SimAction action)
    {
        Actions[action.Id] = action;
        Unfinished.Add(action);
        return action;
    }
}
