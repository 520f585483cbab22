using Prometheus;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Registry.Tokens;

/// <summary>Tells of every mint: one event at the object that it is for, one count, one line; never a byte of the token.</summary>
internal sealed class MintAudit(IEventRecorder events, CollectorRegistry registry, ILogger<MintAudit> logger)
{
    private readonly Counter _mints = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_registry_mints_total", "Registry tokens and logins that were asked for.", "source", "outcome");

    /// <summary>A token or login was signed.</summary>
    /// <param name="subject">Who it is for.</param>
    /// <param name="reason">The event's reason.</param>
    /// <param name="host">Where it is good.</param>
    /// <param name="access">What it allows.</param>
    /// <param name="expiresAt">When it ends.</param>
    public void Signed(
        RegistrySubject subject,
        string reason,
        string host,
        IEnumerable<RepositoryAccess> access,
        DateTimeOffset expiresAt
    )
    {
        var what = Show(access);
        _mints.WithLabels(subject.Source, "minted").Inc();
        RegistryLog.Minted(logger, subject.Name, host, what, expiresAt);
        events.Record(subject.Regarding, reason, $"{subject.Name} at {host}: {what} until {expiresAt:u}");
    }

    /// <summary>None was signed.</summary>
    public void Refused(RegistrySubject subject, string outcome, string host, string why)
    {
        _mints.WithLabels(subject.Source, outcome).Inc();
        RegistryLog.Refused(logger, subject.Name, host, why);
        events.Record(subject.Regarding, "RegistryTokenRefused", $"{subject.Name} at {host}: {why}", isWarning: true);
    }

    private static string Show(IEnumerable<RepositoryAccess> access)
    {
        var parts = access.Select(item => $"{string.Join(',', item.Actions.Words())} on {item.Repository}").ToList();
        return parts.Count == 0 ? "nothing" : string.Join("; ", parts);
    }
}
