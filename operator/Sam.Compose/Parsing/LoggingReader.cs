using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>logging: drivers that stay on the node, within limits.</summary>
internal sealed class LoggingReader(Reading reading)
{
    public Logging? Read(Entry logging)
    {
        if (reading.Map(logging.Node, logging.Path) is not { } map)
            return null;
        string? driver = null;
        var options = Ordinal.Empty<string>();
        foreach (var entry in reading.Entries(map, logging.Path, KeyScope.Logging))
        {
            if (entry.Key == "options")
                options = Options(entry);
            else if (reading.Text(entry.Node, entry.Path) is { } text)
                driver = text;
            if (entry.Key == "driver" && driver is not null && !SafeSettings.LogDrivers.Contains(driver))
                reading.Problems.Error(
                    entry.Node.Place,
                    entry.Path,
                    Refused,
                    $"{Reading.Shown(entry.Node)} is not supported; use json-file or local, so that logs stay on the node and are read there"
                );
        }

        return driver is null && options.IsEmpty ? null : new Logging(driver, options);
    }

    private ImmutableSortedDictionary<string, string> Options(Entry entry)
    {
        if (reading.Map(entry.Node, entry.Path) is null)
            return Ordinal.Empty<string>();
        var options = new PairReader(reading).Plain(
            entry,
            (node, path, name) =>
            {
                if (!SafeSettings.LogOptions.Contains(name))
                    reading.Problems.Warn(
                        node.Place,
                        path,
                        Ignored,
                        $"{Paths.Printable(name)} has no effect; max-size and max-file are read"
                    );
            }
        );
        return options;
    }
}
