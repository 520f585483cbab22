using System.Collections.Concurrent;
using Sam.Operator.Clients.GitHub;
using Sam.Runtime.Leases;

namespace Sam.Operator.Tokens;

/// <summary>
/// Mints, and ends what was minted.
/// <code>
///   mint -> journal -> hand out      dies before the journal: nobody knows the token, it lives for an hour at most
///                                    dies after it: the journal ends it, or hands it out again if its owner lives
/// </code>
/// </summary>
internal sealed class TokenIssuer(IGitHubApps apps, TokenJournal journal, TokenAudit audit, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, OwnerTokens> _owners = new(StringComparer.Ordinal);

    /// <summary>What is known of an owner, with its journal read.</summary>
    public async Task<OwnerTokens> OpenAsync(TokenOwner owner, CancellationToken cancellationToken)
    {
        var tokens = _owners.GetOrAdd(owner.Uid, _ => new OwnerTokens(owner));
        if (tokens.Entries is not null)
            return tokens;
        using (await tokens.Journal.EnterAsync(cancellationToken))
        {
            if (tokens.Entries is null && await journal.ReadAsync(owner.Uid, cancellationToken) is var entries)
            {
                tokens.Load(entries);
                audit.Loaded(entries.Length);
            }
        }
        return tokens;
    }

    /// <summary>Forgets an owner that ended.</summary>
    public void Close(OwnerTokens tokens) => _owners.TryRemove(KeyValuePair.Create(tokens.Owner.Uid, tokens));

    /// <summary>Mints, and journals before anybody gets it. What fails is thrown.</summary>
    public async Task<JournalEntry> MintAsync(OwnerTokens tokens, MintOrder order)
    {
        var askedAt = timeProvider.GetUtcNow();
        InstallationToken secret;
        try
        {
            // Not to be cancelled: a mint whose answer nobody waits for is a token that nobody ends.
            secret = await apps.For(order.App).MintAsync(order.InstallationId, order.Scope, CancellationToken.None);
        }
        catch (GitHubException fault) when (fault.MayHaveTakenEffect)
        {
            audit.Lost(tokens.Owner, order.Use);
            throw;
        }
        var entry = new JournalEntry
        {
            Secret = secret,
            Use = order.Use,
            Ask = order.Ask,
            MintedAt = askedAt,
            DiesAt = askedAt + secret.Lifetime,
            EndsAt = askedAt + (secret.Lifetime < order.Lifetime ? secret.Lifetime : order.Lifetime),
        };
        await WriteAsync(tokens, entry);
        audit.Minted(tokens.Owner, entry, order.Shown);
        return entry;
    }

    /// <summary>Ends one token and takes it out of the journal.</summary>
    public async Task EndAsync(OwnerTokens tokens, JournalEntry entry, CancellationToken cancellationToken)
    {
        await RevokeAsync(tokens, entry, cancellationToken);
        using (await tokens.Journal.EnterAsync(cancellationToken))
        {
            if (tokens.Entries is { Length: 0 } && !tokens.HasEnded)
                await journal.DropAsync(tokens.Owner.Uid, cancellationToken);
            else
                await journal.RemoveAsync(tokens.Owner.Uid, entry, cancellationToken);
        }
    }

    /// <summary>Ends all that an owner has, and its journal.</summary>
    public async Task EndAllAsync(OwnerTokens tokens, CancellationToken cancellationToken)
    {
        await Task.WhenAll((tokens.Entries ?? []).Select(entry => RevokeAsync(tokens, entry, cancellationToken)));
        using (await tokens.Journal.EnterAsync(cancellationToken))
        {
            if (tokens.Entries is null or { Length: 0 })
                await journal.DropAsync(tokens.Owner.Uid, cancellationToken);
        }
    }

    private async Task WriteAsync(OwnerTokens tokens, JournalEntry entry)
    {
        var isWritten = false;
        try
        {
            using (await tokens.Journal.EnterAsync(CancellationToken.None))
            {
                await journal.AddAsync(tokens.Owner, entry, CancellationToken.None);
                tokens.Add(entry);
            }
            isWritten = true;
        }
        finally
        {
            if (!isWritten)
                await AbandonAsync(tokens, entry);
        }
    }

    // Nobody could end it later, so it ends now; where that fails too, it is one that nobody knows.
    private async Task AbandonAsync(OwnerTokens tokens, JournalEntry entry)
    {
        try
        {
            await apps.With(entry.Secret).RevokeAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is GitHubException or LeadershipLostException)
        {
            audit.Lost(tokens.Owner, entry.Use);
        }
    }

    private async Task RevokeAsync(OwnerTokens tokens, JournalEntry entry, CancellationToken cancellationToken)
    {
        var outcome = "expired";
        if (timeProvider.GetUtcNow() < entry.DiesAt)
            outcome = await CallAsync(entry, cancellationToken) == RevokeOutcome.Revoked ? "revoked" : "already_dead";
        if (tokens.Remove(entry))
            audit.Ended(tokens.Owner, entry, outcome);
    }

    private async Task<RevokeOutcome> CallAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await apps.With(entry.Secret).RevokeAsync(cancellationToken);
        }
        catch (GitHubException)
        {
            audit.RevokeFailed();
            throw;
        }
    }
}

/// <summary>One token that is to be minted.</summary>
/// <param name="App">The App.</param>
/// <param name="InstallationId">The installation.</param>
/// <param name="Scope">What it may do and where.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Ask">The whole ask, as the key of the cache.</param>
/// <param name="Lifetime">Longest life.</param>
/// <param name="Shown">The scope in words, for the audit.</param>
internal sealed record MintOrder(
    GitHubAppKey App,
    long InstallationId,
    GitHubTokenScope Scope,
    string Use,
    string Ask,
    TimeSpan Lifetime,
    string Shown
);
