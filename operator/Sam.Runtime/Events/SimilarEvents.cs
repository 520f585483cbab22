namespace Sam.Runtime.Events;

/// <summary>
/// Notices when one object says the same thing in ever new words (a counter in the message, an address, an id): from the eleventh wording
/// within ten minutes on they are one event. Without it a single confused object would write thousands.
/// </summary>
internal sealed class SimilarEvents
{
    private const int WordingLimit = 10;
    private const int Limit = 4096;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);
    private readonly Dictionary<EventKey, Wordings> _known = [];

    /// <summary>The key under which an event of a new wording counts: its own, or the common one.</summary>
    public EventKey Combine(EventKey key, DateTimeOffset now)
    {
        var common = key.Common;
        if (!_known.TryGetValue(common, out var wordings) || now - wordings.Since >= s_window)
        {
            if (_known.Count >= Limit)
                _known.Remove(_known.MinBy(pair => pair.Value.Since).Key);
            _known[common] = wordings = new Wordings(now, 0);
        }

        if (wordings.Count >= WordingLimit)
            return common;
        _known[common] = wordings with { Count = wordings.Count + 1 };
        return key;
    }

    private sealed record Wordings(DateTimeOffset Since, int Count);
}
