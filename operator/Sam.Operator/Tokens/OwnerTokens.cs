using System.Collections.Immutable;

namespace Sam.Operator.Tokens;

/// <summary>What this process knows of one owner's tokens: the journal's entries, what is on its way, and whether the owner ended.</summary>
internal sealed class OwnerTokens(TokenOwner owner)
{
    private readonly Lock _lock = new();
    private ImmutableArray<JournalEntry>? _entries;
    private bool _hasEnded;

    public TokenOwner Owner => owner;

    /// <summary>Tokens that are on their way.</summary>
    public Flights<GrantAnswer> Asks { get; } = new();

    /// <summary>Whoever writes the journal.</summary>
    public Turnstile Journal { get; } = new();

    /// <summary>Nothing is handed out any more.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
                return _hasEnded;
        }
    }

    /// <summary>The entries; null before the journal was read.</summary>
    public ImmutableArray<JournalEntry>? Entries
    {
        get
        {
            lock (_lock)
                return _entries;
        }
    }

    /// <summary>From now on nothing is handed out.</summary>
    public void End()
    {
        lock (_lock)
            _hasEnded = true;
    }

    /// <summary>The journal was read; true if this is the first time.</summary>
    public bool Load(ImmutableArray<JournalEntry> entries)
    {
        lock (_lock)
        {
            if (_entries is not null)
                return false;
            _entries = entries;
            return true;
        }
    }

    public void Add(JournalEntry entry)
    {
        lock (_lock)
            _entries = (_entries ?? []).Add(entry);
    }

    /// <summary>False if somebody removed it before.</summary>
    public bool Remove(JournalEntry entry)
    {
        lock (_lock)
        {
            var left = (_entries ?? []).RemoveAll(known => known.Secret.Fingerprint == entry.Secret.Fingerprint);
            var removed = left.Length < (_entries ?? []).Length;
            _entries = left;
            return removed;
        }
    }

    /// <summary>The newest token for exactly this ask that is usable, fresh or not.</summary>
    public JournalEntry? Find(string ask, DateTimeOffset now) =>
        (Entries ?? [])
            .Where(entry => entry.Ask == ask && entry.IsUsableAt(now))
            .OrderByDescending(entry => entry.MintedAt)
            .FirstOrDefault();
}
