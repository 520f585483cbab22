using System.Globalization;

namespace Sam.Simulators.Booting;

/// <summary>The labels on everything that a simulator makes in the outer engine, so that all of it is found again.</summary>
internal static class LabLabels
{
    public const string Lab = "dev.sam.lab";
    public const string Owner = "dev.sam.lab.owner";
    public const string Server = "dev.sam.lab.server";

    /// <summary>This process: its id and start time, because an id alone is used again.</summary>
    public static readonly string Self = $"{Environment.ProcessId}:{StartTime(Environment.ProcessId)}";

    public static Dictionary<string, string> Of(EngineLab lab, long server) =>
        new()
        {
            [Lab] = lab.Lab,
            [Owner] = Self,
            [Server] = server.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The engine's filter for one lab's objects.</summary>
    public static Dictionary<string, IDictionary<string, bool>> Filter(EngineLab lab) =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{Lab}={lab.Lab}"] = true } };

    /// <summary>Whether the process that wrote the label is gone; objects without the label are nobody's leftovers.</summary>
    public static bool IsLeftover(IDictionary<string, string>? labels)
    {
        if (labels is null || !labels.TryGetValue(Owner, out var owner))
        {
            return false;
        }

        var parts = owner.Split(':');
        return parts.Length != 2 || !int.TryParse(parts[0], out var pid) || StartTime(pid) != parts[1];
    }

    // Field 22 of stat; the name in field 2 may hold spaces, so counting starts behind its bracket.
    private static string? StartTime(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
