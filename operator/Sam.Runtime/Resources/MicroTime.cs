namespace Sam.Runtime.Resources;

/// <summary>
/// Times of Leases and Events. The API server reads them with exactly six digits of a second, and the client leaves the digits out where
/// they are zero: a write in a whole second would be refused. So a whole second gets one microsecond.
/// </summary>
internal static class MicroTime
{
    /// <summary>The time in whole microseconds, never a whole second.</summary>
    public static DateTime Of(DateTimeOffset time)
    {
        var micros = time.UtcTicks / TimeSpan.TicksPerMicrosecond;
        if (micros % 1_000_000 == 0)
            micros++;
        return new DateTime(micros * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }
}
