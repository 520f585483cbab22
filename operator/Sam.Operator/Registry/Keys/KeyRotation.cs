namespace Sam.Operator.Registry.Keys;

/// <summary>How keys follow each other.</summary>
/// <param name="Every">How long a key signs before the next one is made.</param>
/// <param name="PublishAhead">How long the next one is published before it signs.</param>
/// <param name="LongestLife">How long anything signed may be good, with what clocks may differ: the old key is accepted for that long.</param>
internal sealed record RotationRule(TimeSpan Every, TimeSpan PublishAhead, TimeSpan LongestLife);

/// <summary>
/// Key rotation, one transition at a time. Pure.
/// <code>
///   old signs | old signs, next made | published: old signs, next waits | next signs, old accepted | next signs
///             due or asked           written                       PublishAhead               LongestLife
/// </code>
/// </summary>
internal static class KeyRotation
{
    /// <summary>The first ring: nothing waits for its key, so that it signs at once.</summary>
    public static KeyRing Begin(DateTimeOffset now) => new([SigningKey.Create(now, now)]);

    /// <summary>The ring as it should be now; the same one if nothing is due.</summary>
    /// <param name="ring">The ring as it is kept.</param>
    /// <param name="request">A forced rotation that somebody asks for; any new value is a new request.</param>
    /// <param name="rule">How keys follow each other.</param>
    /// <param name="now">The time.</param>
    public static KeyRing Next(KeyRing ring, string request, RotationRule rule, DateTimeOffset now)
    {
        if (ring.Keys is [_, { SignsFrom: { } began }] && began + rule.LongestLife <= now)
            ring = ring with { Keys = [ring.Keys[1]] };
        if (ring.Keys is not [var only])
            return ring;
        var isAsked = request.Length > 0 && request != ring.AnsweredRequest;
        if (!isAsked && now - (only.SignsFrom ?? only.CreatedAt) < rule.Every)
            return ring;
        return ring with
        {
            Keys = [only, SigningKey.Create(now, signsFrom: null)],
            AnsweredRequest = isAsked ? request : ring.AnsweredRequest,
        };
    }

    /// <summary>The ring after all its keys were published: a new one learns when it begins to sign.</summary>
    public static KeyRing Published(KeyRing ring, RotationRule rule, DateTimeOffset now) =>
        ring.Keys is [var old, { SignsFrom: null } next]
            ? ring with
            {
                Keys = [old, next.Published(now + rule.PublishAhead)],
            }
            : ring;
}
