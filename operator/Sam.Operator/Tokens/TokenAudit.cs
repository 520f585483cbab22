using Sam.Runtime.Abstractions;

namespace Sam.Operator.Tokens;

/// <summary>Tells of every mint and every end: one event at the owner, one count, one line; never a byte of a token.</summary>
internal sealed class TokenAudit(IEventRecorder events, TokenOwners owners, TokenMetrics metrics, ILogger<TokenAudit> logger)
{
    /// <summary>Reason of the event at a mint.</summary>
    public const string MintedReason = "GitHubTokenMinted";

    /// <summary>Reason of the event at a refusal.</summary>
    public const string RefusedReason = "GitHubTokenRefused";

    /// <summary>A token was minted and is in the journal.</summary>
    public void Minted(TokenOwner owner, JournalEntry entry, string scope)
    {
        metrics.Minted(owner.Kind);
        metrics.Live(1);
        TokenLog.Minted(logger, entry.Secret.Fingerprint, owner.ToString(), entry.Use, scope, entry.EndsAt);
        if (owners.Find(owner) is { } regarding)
            events.Record(regarding, MintedReason, $"{entry.Use}: {scope} until {entry.EndsAt:u}");
    }

    /// <summary>None was minted, or none is handed out.</summary>
    public void Refused(TokenOwner owner, string use, TokenRefusal reason, string why)
    {
        metrics.Refused(reason);
        TokenLog.Refused(logger, owner.ToString(), use, reason, why);
        if (owners.Find(owner) is { } regarding)
            events.Record(regarding, RefusedReason, $"{use}: {reason}: {why}", isWarning: true);
    }

    /// <summary>A token is dead.</summary>
    public void Ended(TokenOwner owner, JournalEntry entry, string outcome)
    {
        metrics.Ended(outcome);
        metrics.Live(-1);
        TokenLog.Ended(logger, entry.Secret.Fingerprint, owner.ToString(), entry.Use, outcome);
    }

    /// <summary>The answer to a mint was lost.</summary>
    public void Lost(TokenOwner owner, string use)
    {
        metrics.Lost();
        TokenLog.Lost(logger, owner.ToString(), use);
    }

    /// <summary>A journal was read.</summary>
    public void Loaded(int count) => metrics.Live(count);

    /// <summary>A revocation failed; it is tried again.</summary>
    public void RevokeFailed() => metrics.RevokeFailed();
}
