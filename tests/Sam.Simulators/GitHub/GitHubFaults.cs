namespace Sam.Simulators.GitHub;

/// <summary>The faults that are switched on, each by name; a test or the control API plays them.</summary>
public sealed partial class GitHubFaults
{
    private readonly Lock _lock = new();
    private readonly List<Active> _active = [];

    /// <summary>Switches a fault on.</summary>
    public void Play(GitHubFault fault)
    {
        if (!Names.Contains(fault.Name))
        {
            throw new ArgumentException($"No fault is named '{fault.Name}'. Known: {string.Join(", ", Names)}", nameof(fault));
        }
        lock (_lock)
        {
            _active.Add(new Active(fault, fault.Count ?? int.MaxValue));
        }
    }

    /// <summary>Switches a fault off; null all of them.</summary>
    public void Stop(string? name = null)
    {
        lock (_lock)
        {
            _active.RemoveAll(active => name is null || active.Fault.Name == name);
        }
    }

    /// <summary>What is on now.</summary>
    public IReadOnlyList<GitHubFault> Playing()
    {
        lock (_lock)
        {
            return [.. _active.Select(active => active.Fault with { Count = active.Left == int.MaxValue ? null : active.Left })];
        }
    }

    // Uses the fault up by one if it is on and fits.
    internal GitHubFault? Take(string name, Func<GitHubFault, bool> fits)
    {
        lock (_lock)
        {
            var active = _active.Find(candidate => candidate.Fault.Name == name && fits(candidate.Fault));
            if (active is null)
            {
                return null;
            }
            if (active.Left != int.MaxValue && --active.Left == 0)
            {
                _active.Remove(active);
            }
            return active.Fault;
        }
    }

    private sealed class Active(GitHubFault fault, int left)
    {
        public GitHubFault Fault { get; } = fault;
        public int Left { get; set; } = left;
    }
}
