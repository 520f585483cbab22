using System.Runtime.ExceptionServices;

namespace Sam.Testing.Simulations;

/// <summary>
/// One run of a program in virtual time on one thread: ready work runs in an order chosen by the seed, and time moves only when nothing
/// is ready. The same seed replays the same run.
/// </summary>
public sealed class Simulation
{
    private readonly Scheduler _scheduler;
    private readonly SimulatedProcess _main;
    private readonly List<string> _notes = [];

    private Simulation(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        _scheduler = new Scheduler(new Random(seed));
        _main = new SimulatedProcess("test", _scheduler);
    }

    /// <summary>What chose the order of this run.</summary>
    public int Seed { get; }

    /// <summary>A source of choices for the test itself.</summary>
    public Random Random { get; }

    /// <summary>The virtual clock; throws when another thread asks it.</summary>
    public TimeProvider Clock => _main.Clock;

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_scheduler.Now);

    /// <summary>Runs a body to its end; a fault of the body, of what it started or of the simulation's own rules is thrown.</summary>
    /// <param name="seed">Chooses the order.</param>
    /// <param name="body">What happens.</param>
    /// <returns>What the run was like, to be compared with another one.</returns>
    public static SimulationTrace Run(int seed, Func<Simulation, Task> body)
    {
        var simulation = new Simulation(seed);
        Exception? fault = null;
        var thread = new Thread(() => fault = simulation.Pump(body), maxStackSize: 16 * 1024 * 1024)
        {
            IsBackground = true,
            Name = $"simulation {seed}",
        };
        thread.Start();
        simulation._scheduler.JoinOrThrow(thread);
        if (fault is SimulationException)
            ExceptionDispatchInfo.Throw(fault);
        if (fault is not null)
            throw new SimulationException(simulation.Describe($"failed: {fault.Message}"), fault);
        return simulation._scheduler.ToTrace(simulation._notes);
    }

    /// <summary>Another process on the same clock, to be stopped, continued and killed.</summary>
    public SimulatedProcess Process(string name) => new(name, _scheduler);

    /// <summary>Starts something beside the body; its fault is the fault of the run.</summary>
    public Task Start(Func<Task> work) => _main.Start(work);

    /// <summary>Fails the run, and the caller, unless this is the simulation's thread.</summary>
    /// <param name="what">What must not be asked from outside.</param>
    public void AssertInside(string what) => _scheduler.AssertInside(what);

    /// <summary>Remembers a line of the trace.</summary>
    public void Note(string line) => _notes.Add($"{Elapsed.TotalSeconds:0.000} {line}");

    /// <summary>Returns when nothing is ready any more; time does not move.</summary>
    public Task IdleAsync() => _scheduler.WaitAsync(static () => true, 0, "idle");

    /// <summary>Lets virtual time pass; stops at every timer on the way, and returns when what was due is done.</summary>
    /// <param name="time">How much.</param>
    public Task AdvanceAsync(TimeSpan time)
    {
        var until = _scheduler.Now + time.Ticks;
        return _scheduler.WaitAsync(() => _scheduler.Now >= until, time.Ticks, "time passes");
    }

    /// <summary>Lets virtual time pass until a condition holds; it is looked at whenever nothing is ready.</summary>
    /// <param name="condition">What must come to hold.</param>
    /// <param name="within">Longest virtual time; more is a fault.</param>
    /// <param name="what">The condition in words.</param>
    public Task UntilAsync(Func<bool> condition, TimeSpan within, string what) =>
        _scheduler.WaitAsync(condition, within.Ticks, what);

    /// <summary>
    /// Runs what truly leaves the simulation (a file, a real socket) on the thread pool. Virtual time stands still meanwhile; of several at
    /// once the order of their ends is not the seed's.
    /// </summary>
    /// <param name="what">The operation in words.</param>
    /// <param name="operation">What to do outside.</param>
    public Task<T> OutsideAsync<T>(string what, Func<Task<T>> operation) => _scheduler.Outside.RunAsync(what, operation);

    private Exception? Pump(Func<Simulation, Task> body)
    {
        try
        {
            _scheduler.Run(_main, () => body(this));
            return null;
        }
#pragma warning disable CA1031 // carried to the thread that waits for the run
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault is SimulationException ? new SimulationException(Describe(fault.Message), fault.InnerException) : fault;
        }
    }

    private string Describe(string message) => $"Seed {Seed}, after {Elapsed}: {message}";
}
