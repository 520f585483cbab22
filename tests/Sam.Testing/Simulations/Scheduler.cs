using System.Diagnostics;

namespace Sam.Testing.Simulations;

/// <summary>
/// The one thread and its queue.
/// <code>
///   work ready?           run one, chosen by the seed
///   operation outside?    wait for it in real time; virtual time stands still
///   somebody waits?       tell those whose condition holds, fail those whose time is over
///   timer armed?          move the clock to it
///   else                  the run is stuck: a fault
/// </code>
/// </summary>
internal sealed class Scheduler(Random random)
{
    // A test that awaits something plainly sees this much virtual time pass at most, as periodic timers would go on for ever.
    private static readonly long s_longestWait = TimeSpan.FromHours(1).Ticks;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private const long LongestInstant = 20_000_000;

    private readonly List<Work> _ready = [];
    private readonly List<Waiter> _waiters = [];
    private Thread? _thread;
    private volatile SimulationException? _fault;
    private ulong _fingerprint = 14695981039346656037;
    private long _steps;
    private long _stepsAtMove;
    private long _horizon = s_longestWait;

    public long Now { get; private set; }

    public TimerQueue Timers { get; } = new();

    public OutsideOperations Outside { get; } = new();

    public bool IsInside => Thread.CurrentThread == _thread;

    public void AssertInside(string what)
    {
        if (!IsInside)
            throw Escaped($"{what} was asked");
    }

    /// <summary>Notes that something left the simulation; the run fails with it.</summary>
    public SimulationException Escaped(string what)
    {
        var fault = new SimulationException(
            $"Something escaped from the simulation: {what} from a foreign thread (Task.Run, ConfigureAwait(false), a real timer?)"
                + $"{Environment.NewLine}{new StackTrace(1)}"
        );
        Fail(fault.Message, null);
        return fault;
    }

    /// <summary>Ends the run with a fault; the first one counts.</summary>
    public void Fail(string message, Exception? fault)
    {
        _fault ??= new SimulationException(message, fault);
        Outside.Wake();
    }

    public void Ready(Work work) => _ready.Add(work);

    public Task WaitAsync(Func<bool> condition, long within, string what)
    {
        AssertInside("a wait");
        var waiter = new Waiter(condition, Now + within, what);
        _waiters.Add(waiter);
        return waiter.Told.Task;
    }

    public void Run(SimulatedProcess main, Func<Task> body)
    {
        _thread = Thread.CurrentThread;
        var task = main.Start(body);
        while (!task.IsCompleted)
        {
            ThrowIfFailed();
            Outside.TakeFinished();
            if (_ready.Count > 0)
                RunOne();
            else if (Outside.Count > 0)
                Outside.Wait(s_patience);
            else if (!TellWaiters())
                MoveClock();
        }

        ThrowIfFailed();
    }

    /// <summary>Waits for the run in real time; a run that blocks its thread is a fault.</summary>
    public void JoinOrThrow(Thread thread)
    {
        var (seen, since) = (-1L, Stopwatch.GetTimestamp());
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            var steps = Interlocked.Read(ref _steps);
            if (steps != seen || Outside.Count > 0)
                (seen, since) = (steps, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(since) > s_patience)
                throw new SimulationException($"One piece of work blocks the thread for {s_patience}");
        }
    }

    public SimulationTrace ToTrace(IReadOnlyList<string> notes) => new(_fingerprint, _steps, TimeSpan.FromTicks(Now), notes);

    private void RunOne()
    {
        var chosen = random.Next(_ready.Count);
        Mix((ulong)chosen);
        Mix((ulong)_ready.Count);
        var work = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Interlocked.Increment(ref _steps);
        if (_steps - _stepsAtMove > LongestInstant)
            throw new SimulationException($"{LongestInstant} pieces of work ran without an end at one moment");
        if (work.Process.TryHold(work))
            return;
        SynchronizationContext.SetSynchronizationContext(work.Process);
        work.Callback(work.State);
        SynchronizationContext.SetSynchronizationContext(null); // what is told between two pieces of work becomes work of its own
    }

    // What is true now is told first; what is over and still not true has failed.
    private bool TellWaiters()
    {
        var told = _waiters.RemoveAll(waiter => waiter.TryTell()) + _waiters.RemoveAll(waiter => waiter.TryFail(Now));
        if (told > 0)
            _horizon = Now + s_longestWait;
        return told > 0;
    }

    private void MoveClock()
    {
        var next = Timers.Next();
        if (_waiters.Count > 0)
            next = Math.Min(next ?? long.MaxValue, _waiters.Min(waiter => waiter.Deadline));
        if (next is not { } moment)
            throw new SimulationException(
                "Nothing is ready, no timer is armed, and the test waits: it would wait for ever" + Late()
            );
        if (_waiters.Count == 0 && moment > _horizon)
            throw new SimulationException("The test waits for something that did not come in an hour of virtual time" + Late());
        Mix((ulong)moment);
        Now = Math.Max(Now, moment);
        _stepsAtMove = _steps;
        Timers.Fire(Now);
    }

    // Perhaps what the test waits for is on a foreign thread: given a moment to show itself, it makes the better fault.
    private string Late()
    {
        Outside.Pause(TimeSpan.FromSeconds(1), () => _fault is not null);
        ThrowIfFailed();
        return "";
    }

    private void ThrowIfFailed()
    {
        if (_fault is { } fault)
            throw new SimulationException(fault.Message, fault.InnerException);
    }

    private void Mix(ulong value) => _fingerprint = (_fingerprint ^ value) * 1099511628211;

    private sealed record Waiter(Func<bool> Condition, long Deadline, string What)
    {
        public TaskCompletionSource Told { get; } = new();

        public bool TryTell()
        {
            try
            {
                return Condition() && Told.TrySetResult();
            }
#pragma warning disable CA1031 // the fault of a condition belongs to whoever asked for it
            catch (Exception fault)
#pragma warning restore CA1031
            {
                return Told.TrySetException(fault);
            }
        }

        public bool TryFail(long now) =>
            now >= Deadline && Told.TrySetException(new SimulationException($"Did not happen in time: {What}"));
    }
}
