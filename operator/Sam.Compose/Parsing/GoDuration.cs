using System.Globalization;

namespace Sam.Compose.Parsing;

/// <summary>Durations as Go prints them (https://pkg.go.dev/time#Duration.String): 1h0m0s, 1m30s, 1.5s, 500ms.</summary>
public static class GoDuration
{
    public static string Format(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
            return "0s";
        if (time < TimeSpan.FromMilliseconds(1))
            return Number(time.TotalMicroseconds) + "µs";
        if (time < TimeSpan.FromSeconds(1))
            return Number(time.TotalMilliseconds) + "ms";
        var seconds = Number((double)(time.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond) + "s";
        var minutes = (long)time.TotalMinutes;
        return minutes switch
        {
            0 => seconds,
            < 60 => $"{minutes}m{seconds}",
            _ => $"{minutes / 60}h{minutes % 60}m{seconds}",
        };
    }

    private static string Number(double number) => number.ToString("0.#########", CultureInfo.InvariantCulture);
}
