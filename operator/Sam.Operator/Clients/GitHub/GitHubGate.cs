namespace Sam.Operator.Clients.GitHub;

/// <summary>
/// Guards one budget: an App's, or an installation's. Who is refused learns when to come back. A pause that GitHub asked for
/// holds for all that share the budget, and the last calls of an hour are kept for revocations.
/// </summary>
internal sealed class GitHubGate(string name, GitHubClock clock, Random random, TimeProvider timeProvider)
{
    // Where GitHub does not say for how long: at least a minute, longer each time, as its documentation asks.
    private static readonly TimeSpan BarePause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private const int KeptShare = 50;

    private readonly Lock _lock = new();
    private readonly GitHubPace _pace = new(timeProvider);
    private DateTimeOffset _pausedUntil;
    private GitHubErrorKind _pausedBy;
    private int _bareInARow;
    private GitHubBudget? _budget;

    /// <summary>Name of the budget, for metrics.</summary>
    public string Name => name;

    /// <summary>Lets a call through that is paid from this budget, at a pace that no secondary limit strikes.</summary>
    /// <exception cref="GitHubException">Not now (rate limited, with when to come back).</exception>
    public async Task EnterAsync(GitHubRequest request, CancellationToken cancellationToken)
    {
        Check(request.IsLast);
        if (_pace.Take(request.IsWrite ? 5 : 1, request.IsLast) is not { } wait)
            throw Refusal(GitHubErrorKind.RateLimited, clock.Ours + GitHubPace.LongestWait, clock.Ours);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, timeProvider, cancellationToken);
            Check(request.IsLast); // it may have been closed meanwhile
        }
        lock (_lock)
            _budget = _budget is { } left ? left with { Remaining = left.Remaining - 1 } : null;
    }

    /// <summary>Whether a call that concerns this budget may be made now.</summary>
    /// <exception cref="GitHubException">Not now (rate limited, with when to come back).</exception>
    public void Check(bool isLast)
    {
        lock (_lock)
        {
            var now = clock.Ours;
            if (now < _pausedUntil)
                throw Refusal(_pausedBy, _pausedUntil, now);
            if (_budget is { } budget && now < budget.ResetAt && budget.Remaining <= (isLast ? 0 : budget.Limit / KeptShare))
                throw Refusal(GitHubErrorKind.RateLimited, budget.ResetAt, now);
        }
    }

    /// <summary>An answer told what is left.</summary>
    public void Told(GitHubBudget budget)
    {
        lock (_lock)
        {
            // Answers overtake each other: within one hour less is newer.
            if (_budget is not { } last || budget.ResetAt > last.ResetAt || budget.Remaining < last.Remaining)
                _budget = budget;
        }
    }

    /// <summary>GitHub asked for a pause; returns its end.</summary>
    public DateTimeOffset Pause(GitHubErrorKind kind, DateTimeOffset? until)
    {
        lock (_lock)
        {
            var now = clock.Ours;
            _bareInARow = until is null ? _bareInARow + 1 : 0;
            var end = until ?? now + (BarePause * Math.Pow(2, Math.Min(_bareInARow - 1, 10)));
            end = end > now + LongestPause ? now + LongestPause : end;
            if (end > _pausedUntil)
                (_pausedUntil, _pausedBy) = (end, kind);
            return _pausedUntil;
        }
    }

    /// <summary>A call was answered as it should.</summary>
    public void Succeeded()
    {
        lock (_lock)
            _bareInARow = 0;
    }

    private GitHubException Refusal(GitHubErrorKind kind, DateTimeOffset until, DateTimeOffset now)
    {
        // Everybody who was refused would come back in the same moment otherwise, and be the cause of the next pause.
        var back = until + TimeSpan.FromSeconds(Spread() * 10);
        return new GitHubException(kind, $"GitHub asked {name} to wait until {until:u}")
        {
            RetryAt = back,
            RetryAfter = back - now,
        };
    }

    // The source of chance is shared, and not made for several at once.
    private double Spread()
    {
        lock (random)
            return random.NextDouble();
    }
}

/// <summary>What an answer said of a budget.</summary>
/// <param name="Limit">Calls an hour.</param>
/// <param name="Remaining">Calls left.</param>
/// <param name="ResetAt">When it is whole again, by our clock.</param>
internal sealed record GitHubBudget(int Limit, int Remaining, DateTimeOffset ResetAt);
