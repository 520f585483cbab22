using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Compose.Parsing;

/// <summary>healthcheck, in the form the engine wants.</summary>
internal sealed class HealthcheckReader(Reading reading)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    public Healthcheck? Read(Entry healthcheck, Written written)
    {
        if (reading.Map(healthcheck.Node, healthcheck.Path) is not { } map)
            return null;
        var check = new Healthcheck();
        foreach (var entry in reading.Entries(map, healthcheck.Path, KeyScope.Healthcheck))
        {
            check = entry.Key switch
            {
                "test" => Test(check, entry),
                "interval" => check with { Interval = Duration(entry) },
                "timeout" => check with { Timeout = Duration(entry) },
                "start_period" => check with { StartPeriod = Duration(entry) },
                "start_interval" => check with { StartInterval = Duration(entry) },
                "retries" => check with { Retries = (int?)reading.Integer(entry.Node, entry.Path, 0, 10_000) },
                "disable" => check with { Disable = check.Disable || reading.Boolean(entry.Node, entry.Path) == true },
                _ => throw new InvalidOperationException($"Key {entry.Key} is in the table and has no reader"),
            };
        }
        if (IsNone(map))
            written.Keep("healthcheck", new JsonObject { ["test"] = new JsonArray("NONE") });
        return check.Disable ? new Healthcheck { Disable = true } : check;
    }

    private static bool IsNone(MapNode map) =>
        map.Entries.Any(entry => entry is { Key: "test", Value: ListNode { Items: [ScalarNode { Text: "NONE" }] } });

    private Healthcheck Test(Healthcheck check, Entry entry)
    {
        if (entry.Node is not ListNode list)
            return reading.Text(entry.Node, entry.Path) is { } shell ? check with { Test = ["CMD-SHELL", shell] } : check;
        var words = reading.Strings(list, entry.Path);
        switch (words)
        {
            case ["NONE"]:
                return check with { Disable = true };
            case ["CMD-SHELL", _]:
            case ["CMD", _, ..]:
                return check with { Test = words };
            default:
                reading.Invalid(entry.Node, entry.Path, "A list must be [NONE], [CMD, program, ...] or [CMD-SHELL, one command]");
                return check;
        }
    }

    private TimeSpan? Duration(Entry entry)
    {
        var duration = reading.Duration(entry.Node, entry.Path);
        if (duration is not { } given || given == TimeSpan.Zero || given >= Least)
            return duration;
        reading.Invalid(entry.Node, entry.Path, "The engine takes 0 or at least 1ms");
        return null;
    }
}
