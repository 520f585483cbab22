namespace Sam.Simulators;

/// <summary>A fault of a simulator: a name, and how often it strikes.</summary>
public interface ISimulatedFault
{
    /// <summary>Its name in the library.</summary>
    string Name { get; }

    /// <summary>How often; null until it is switched off.</summary>
    int? Count { get; init; }

    /// <summary>How many times it could strike and does not, before it begins.</summary>
    int After => 0;
}

/// <summary>The faults that are switched on, each by name; a test or the control API plays them.</summary>
/// <typeparam name="TFault">A record, so that it can be shown with what is left of it.</typeparam>
public abstract class FaultList<TFault>
    where TFault : class, ISimulatedFault
{
    private readonly Lock _lock = new();
    private readonly List<Active> _active = [];

    /// <summary>Switches a fault on.</summary>
    /// <exception cref="ArgumentException">No fault has that name; the message lists those that there are.</exception>
    public void Play(TFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (!Known.Contains(fault.Name))
        {
            throw new ArgumentException($"No fault is named '{fault.Name}'. Known: {string.Join(", ", Known)}", nameof(fault));
        }
        lock (_lock)
        {
            _active.Add(new Active(Played(fault), fault.Count ?? int.MaxValue));
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
    public IReadOnlyList<TFault> Playing()
    {
        lock (_lock)
        {
            return [.. _active.Select(active => WithCount(active.Fault, active.Left == int.MaxValue ? null : active.Left))];
        }
    }

    /// <summary>Every name that can be played.</summary>
    protected abstract IReadOnlyList<string> Known { get; }

    /// <summary>The fault as it begins to play.</summary>
    protected virtual TFault Played(TFault fault) => fault;

    /// <summary>Whether its time is over.</summary>
    protected virtual bool IsOver(TFault fault) => false;

    /// <summary>The fault with another count.</summary>
    protected abstract TFault WithCount(TFault fault, int? count);

    /// <summary>Takes a fault wherever it strikes; null if it does not play.</summary>
    internal TFault? Take(string name) => Take(name, _ => true);

    /// <summary>Uses the fault up by one if it is on and fits.</summary>
    internal TFault? Take(string name, Func<TFault, bool> fits)
    {
        lock (_lock)
        {
            _active.RemoveAll(candidate => IsOver(candidate.Fault));
            var active = _active.Find(candidate => candidate.Fault.Name == name && fits(candidate.Fault));
            if (active is null || active.Skips-- > 0)
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

    private sealed class Active(TFault fault, int left)
    {
        public TFault Fault { get; } = fault;
        public int Skips { get; set; } = fault.After;
        public int Left { get; set; } = left;
    }
}
