namespace Sam.Operator.Clients.Docker;

/// <summary>Back-off between connects to one Machine: after a failure calls fail at once until the next attempt is due.</summary>
internal sealed class ConnectGate(TimeSpan start, TimeSpan cap, TimeProvider time)
{
    private readonly Lock gate = new();
    private TimeSpan pause;
    private DateTimeOffset nextAttempt = DateTimeOffset.MinValue;
    private EngineException? lastFault;
    private bool isShut;

    /// <summary>Throws the last fault again while the next attempt is not due.</summary>
    public void ThrowIfClosed()
    {
        lock (gate)
        {
            if (lastFault is not null && (isShut || time.GetUtcNow() < nextAttempt))
            {
                throw new EngineException(lastFault.Kind, lastFault.Message, lastFault);
            }
        }
    }

    /// <summary>A connect worked: no pause any more.</summary>
    public void Succeeded()
    {
        lock (gate)
        {
            pause = TimeSpan.Zero;
            lastFault = isShut ? lastFault : null;
        }
    }

    /// <summary>No connect any more: the Machine is gone, or has another address.</summary>
    public void Shut(EngineException fault)
    {
        lock (gate)
        {
            (isShut, lastFault) = (true, fault);
        }
    }

    /// <summary>A connect failed: the pause doubles. Attempts that ran side by side count once.</summary>
    public void Failed(EngineException fault)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (isShut || (lastFault is not null && now < nextAttempt))
            {
                return;
            }

            pause = pause == TimeSpan.Zero ? start : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, cap.Ticks));
            nextAttempt = now + pause;
            lastFault = fault;
        }
    }
}
