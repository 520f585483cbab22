namespace Sam.Testing.Simulations;

/// <summary>
/// A part of the simulated program that can be stopped, continued and killed like a process: while it is stopped its work waits, its
/// timers come due, and time goes on.
/// </summary>
public sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Scheduler _scheduler;
    private readonly List<Work> _held = [];

    internal SimulatedProcess(string name, Scheduler scheduler)
    {
        Name = name;
        _scheduler = scheduler;
        Clock = new VirtualClock(scheduler, this);
    }

    /// <summary>What it is called in faults.</summary>
    public string Name { get; }

    /// <summary>The virtual clock; its timers fire inside this process.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether its work waits.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether it is gone for ever.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>As SIGSTOP: nothing of it runs until <see cref="Continue"/>.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>As SIGCONT.</summary>
    public void Continue()
    {
        IsStopped = false;
        _held.ForEach(_scheduler.Ready);
        _held.Clear();
    }

    /// <summary>As SIGKILL: nothing of it ever runs again.</summary>
    public void Kill()
    {
        IsKilled = true;
        _held.Clear();
    }

    /// <summary>Starts something inside; its fault is the fault of the run. The task never ends if the process is killed.</summary>
    /// <param name="work">What to do.</param>
    public Task Start(Func<Task> work)
    {
        var done = new TaskCompletionSource(); // asynchronous continuations would run on the pool where nobody awaits here
        Post(_ => _ = RunAsync(work, done), null);
        return done.Task;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => Enqueue(new Work(this, d, state));

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new SimulationException("Something waits with a blocked thread (SynchronizationContext.Send)");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private async Task RunAsync(Func<Task> work, TaskCompletionSource done)
    {
        try
        {
            await work();
            done.SetResult();
        }
#pragma warning disable CA1031 // whatever it is, it ends the run
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _scheduler.Fail($"{Name} failed: {fault.Message}", fault);
        }
    }

    internal void Enqueue(Work work)
    {
        if (!_scheduler.IsInside)
            _scheduler.Escaped($"the process {Name} was continued");
        else
            _scheduler.Ready(work);
    }

    /// <summary>Keeps work that is not to run now; false if it may run.</summary>
    internal bool TryHold(Work work)
    {
        if (IsStopped && !IsKilled)
            _held.Add(work);
        return IsStopped || IsKilled;
    }
}

/// <summary>A piece of ready work.</summary>
internal readonly record struct Work(SimulatedProcess Process, SendOrPostCallback Callback, object? State);
