using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>
/// Tries each credential once when its value is first seen, however many Projects use it, and remembers the answer by a keyed hash of the value
/// that is worthless outside this process. Nobody waits for a provider: who asks too early is told when the answer is there.
/// </summary>
internal sealed class ProbeMemory(IEnumerable<ICredentialProbe> probes, TimeProvider timeProvider, ILogger<ProbeMemory> logger)
{
    // More credentials than any installation has; beyond that all answers are asked for again.
    private const int MostRemembered = 20_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task>> _flights = new(StringComparer.Ordinal);
    private readonly ICredentialProbe[] _probes = [.. probes];

    /// <summary>Whether a credential can be tried at all.</summary>
    public bool CanTry(string consumer, Credential credential) => Find(consumer, credential) is not null;

    /// <summary>What the provider said about this credential; null if it is only being asked now.</summary>
    /// <param name="consumer">What the credential is for.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="whenKnown">Called once the answer is there, if it is not yet.</param>
    public ProbeOutcome? Ask(string consumer, Credential credential, Action whenKnown)
    {
        var print = $"{consumer}/{credential.Fingerprint(_key)}";
        if (_known.TryGetValue(print, out var known) && timeProvider.GetUtcNow() < known.Until)
            return known.Outcome;
        var probe = Find(consumer, credential) ?? throw new InvalidOperationException($"{consumer} has no probe for this");
        var flight = _flights.GetOrAdd(print, _ => new Lazy<Task>(() => FlyAsync(print, probe, consumer, credential)));
        _ = TellAsync(flight.Value, whenKnown);
        return null;
    }

    /// <summary>When an answer is asked for again; a provider that refuses or is silent may come to accept the same value.</summary>
    public static TimeSpan LifeOf(ProbeVerdict verdict) =>
        verdict switch
        {
            ProbeVerdict.Accepted => TimeSpan.FromDays(7),
            ProbeVerdict.Refused => TimeSpan.FromMinutes(30),
            ProbeVerdict.Unanswered => TimeSpan.FromMinutes(5),
            _ => throw new InvalidOperationException($"Unhandled verdict {verdict}"),
        };

    private ICredentialProbe? Find(string consumer, Credential credential) =>
        Array.Find(_probes, candidate => candidate.CanTry(consumer, credential));

    private async Task FlyAsync(string print, ICredentialProbe probe, string consumer, Credential credential)
    {
        // The run that asked is not to wait for the first part of the call either.
        await Task.Yield();
        ProbeOutcome outcome;
        try
        {
            outcome = await probe.TryAsync(consumer, credential, CancellationToken.None);
        }
#pragma warning disable CA1031 // a probe that fails in a way nobody foresaw must not leave its credential untried for ever
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ProbeLog.Failed(logger, consumer, fault.GetType().Name);
            outcome = new ProbeOutcome(ProbeVerdict.Unanswered, $"{consumer} could not be asked");
        }

        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[print] = new Remembered(outcome, timeProvider.GetUtcNow() + LifeOf(outcome.Verdict));
        _flights.TryRemove(print, out _);
    }

    private static async Task TellAsync(Task flight, Action whenKnown)
    {
        await flight;
        whenKnown();
    }

    private sealed record Remembered(ProbeOutcome Outcome, DateTimeOffset Until);
}

/// <summary>What probes tell the platform team; never a credential.</summary>
internal static partial class ProbeLog
{
    [LoggerMessage(LogLevel.Warning, "A credential for {Consumer} could not be tried: {Fault}")]
    public static partial void Failed(ILogger logger, string consumer, string fault);
}
