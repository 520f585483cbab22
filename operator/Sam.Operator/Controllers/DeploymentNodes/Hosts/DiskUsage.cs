using System.Globalization;

namespace Sam.Operator.Controllers.DeploymentNodes.Hosts;

/// <summary>The engine's disk.</summary>
/// <param name="UsedPercent">Used part, of what is not reserved for root.</param>
/// <param name="SizeGiB">Its size.</param>
internal sealed record DiskUsage(int UsedPercent, long SizeGiB)
{
    /// <summary>
    /// Asked inside Caddy's container, which runs anyway: its volume lies where the engine keeps images, volumes and logs. The Engine API knows what
    /// is used (/system/df, which walks the disk) and not what is free.
    /// </summary>
    public static IReadOnlyList<string> Command { get; } = ["df", "-P", "-k", "/data"];

    /// <summary>Reads POSIX <c>df -P -k</c>: blocks, used, available, capacity. Null if it is not that.</summary>
    public static DiskUsage? Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The device's name may hold blanks; the columns behind it are counted from the right: ... blocks used available capacity mount.
        if (lines.Length < 2 || lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: >= 6 } columns)
            return null;
        if (
            !TryNumber(columns[^5], out var blocks)
            || !TryNumber(columns[^4], out var used)
            || !TryNumber(columns[^3], out var free)
        )
            return null;
        return blocks <= 0 || used + free <= 0
            ? null
            : new DiskUsage((int)Math.Ceiling(100.0 * used / (used + free)), blocks / (1024 * 1024));
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
