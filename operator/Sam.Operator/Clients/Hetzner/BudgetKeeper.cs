using Sam.Runtime.Waiting;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>What a call is for; the first ones are let through longest when a token's requests run short.</summary>
public enum Spending
{
    /// <summary>Gives something back: goes on until nothing is left.</summary>
    Delete,

    /// <summary>Makes or changes something.</summary>
    Create,

    /// <summary>Looks for what nobody owns.</summary>
    Sweep,

    /// <summary>Looks at what is known.</summary>
    Read,
}

/// <summary>
/// Guards one token's requests, which every tool of the account shares: deletes before creates before sweeps before reads, and the last fifth for
/// deletes alone. Nobody waits inside: who is refused learns when to come back, each at a moment of its own.
/// </summary>
internal sealed class BudgetKeeper(HetznerBudget budget, TimeProvider timeProvider)
{
    // A 429 that does not say for how long: its cause is then not the hourly budget, and a unit of it would not help.
    private static readonly TimeSpan BarePause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private int _inFlight;
    private int _unreported;
    private Latch? _first;
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _promised;

    /// <summary>Takes one request from the budget.</summary>
    /// <exception cref="HetznerException">Not for this purpose now (<see cref="HetznerErrorKind.RateLimited"/>, with when to come back).</exception>
    public async Task EnterAsync(Spending spending, CancellationToken cancellationToken)
    {
        while (true)
        {
            Latch first;
            lock (_lock)
            {
                // Before the first answer nothing is known of the budget: one call finds out, the others wait for it.
                if (_first is null)
                {
                    Take(spending);
                    return;
                }
                first = _first;
            }
            await first.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The call is over.</summary>
    /// <param name="told">What its answer said of the budget; null if nothing.</param>
    /// <param name="limited">It was answered 429.</param>
    public void Leave(HetznerBudget.Reading? told, bool limited)
    {
        Latch? first;
        lock (_lock)
        {
            _inFlight--;
            if (told is not null)
                _unreported = _inFlight;
            if (limited && told is not { Remaining: 0 })
                _pausedUntil = timeProvider.GetUtcNow() + BarePause;
            (first, _first) = (_first, null);
        }
        first?.TryOpen();
    }

    private static double FloorOf(Spending spending) =>
        spending switch
        {
            Spending.Delete => 0,
            Spending.Create => 0.20,
            Spending.Sweep => 0.22,
            _ => 0.24,
        };

    private void Take(Spending spending)
    {
        var now = timeProvider.GetUtcNow();
        if (now < _pausedUntil)
            throw Refusal(_pausedUntil, "Hetzner answered 429", now);
        if (budget.Last is { Limit: > 0 } reading)
        {
            var missing = Math.Ceiling(reading.Limit * FloorOf(spending)) + 1 - (reading.RemainingAt(now) - _unreported);
            if (missing > 0)
                throw Refusal(Promise(now, missing, reading.Limit), Words(spending, reading.Limit), now);
        }
        else
        {
            _first = new Latch();
        }
        _inFlight++;
        _unreported++;
    }

    /// <summary>Budget comes back a unit at a time: a crowd that returned at one moment would be refused again but for one.</summary>
    private DateTimeOffset Promise(DateTimeOffset now, double missing, int limit)
    {
        var unit = TimeSpan.FromHours(1.0 / limit);
        var earliest = now + (unit * missing);
        var next = _promised + unit;
        _promised = next > earliest ? next : earliest;
        var latest = now + LongestPause;
        return _promised < latest ? _promised : latest;
    }

    private static string Words(Spending spending, int limit) =>
        spending == Spending.Delete
            ? $"None of this token's {limit} requests an hour is left"
            : $"Fewer than {FloorOf(spending):P0} of this token's {limit} requests an hour are left, and those are kept for more urgent calls";

    private static HetznerException Refusal(DateTimeOffset until, string why, DateTimeOffset now) =>
        new(
            HetznerErrorKind.RateLimited,
            HetznerCodes.ClientBudget,
            null,
            $"{why}; goes on at {until.UtcDateTime:HH:mm} UTC",
            until,
            now: now
        );
}
