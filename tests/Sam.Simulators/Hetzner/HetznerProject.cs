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

    /// <summary>Calls by `METHOD route code`.</summary>
    public SortedDictionary<string, long> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>Servers ever made: a duplicate shows here even if it is gone again.</summary>
    public long ServersCreated { get; set; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public SimAction? Running(SimServer server) =>
        Actions.Values.FirstOrDefault(action => action.Server == server && action.Status == "running");

    /// <summary>Begins an action of a server; the lock is held.</summary>
    public SimAction Begin(long id, string command, SimServer server, TimeSpan duration, bool fails, Action? effect)
    {
        var action = new SimAction(id, command, server, Now, duration) { Fails = fails, Effect = effect };
        Actions[id] = action;
        return action;
    }

    /// <summary>Ends every action that is due; the lock is held.</summary>
    public void Settle()
    {
        var now = Now;
        // In the order of their due times, since one's effect begins another's.
        foreach (var action in Actions.Values.Where(a => a.Status == "running" && a.Due <= now).OrderBy(a => a.Due).ToList())
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
                foreach (var next in Actions.Values.Where(a => a.Server == action.Server && a.Status == "running"))
                {
                    (next.Status, next.Finished, next.Error) = ("error", now, "an earlier action failed");
                }
                continue;
            }
            action.Status = "success";
            action.Effect?.Invoke();
        }
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
}
