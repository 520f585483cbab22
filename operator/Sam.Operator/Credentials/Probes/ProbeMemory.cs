using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>
/// Tries each credential once when its value is first seen, however many Projects use it, and remembers the answer by a keyed hash of the value
/// that is worthless outside this process.
/// </summary>
internal sealed class ProbeMemory(IEnumerable<ICredentialProbe> probes, TimeProvider timeProvider)
{
    // More credentials than any installation has; beyond that the oldest answers are asked for again.
    private const int MostRemembered = 20_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.Ordinal);
    private readonly ICredentialProbe[] _probes = [.. probes];

    /// <summary>What the provider said about this credential; null if it cannot be tried.</summary>
    public async Task<ProbeOutcome?> AskAsync(string consumer, Credential credential, CancellationToken cancellationToken)
    {
        if (Array.Find(_probes, candidate => candidate.CanTry(consumer, credential)) is not { } probe)
            return null;
        var print = $"{consumer}/{credential.Fingerprint(_key)}";
        if (_known.TryGetValue(print, out var known) && timeProvider.GetUtcNow() < known.Until)
            return known.Outcome;
        var outcome = await probe.TryAsync(consumer, credential, cancellationToken);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[print] = new Remembered(outcome, timeProvider.GetUtcNow() + LifeOf(outcome.Verdict));
        return outcome;
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

    private sealed record Remembered(ProbeOutcome Outcome, DateTimeOffset Until);
}
