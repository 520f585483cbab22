using System.Text.Json.Nodes;
using Sam.Compose.Interpolation;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>environment over env_file.</summary>
internal sealed class EnvironmentReader(Reading reading)
{
    public ComposeService Read(ComposeService service, IReadOnlyList<Entry> entries)
    {
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        if (entries.FirstOrDefault(entry => entry.Key == "env_file") is { } files)
            AddFiles(files, values);
        if (entries.FirstOrDefault(entry => entry.Key == "environment") is { } environment)
        {
            foreach (var (name, value) in new PairReader(reading).Variables(environment.Node, environment.Path))
                values[name] = value;
        }

        if (values.Count == 0)
            return service;
        service.Written!.Keep(
            "environment",
            new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))
        );
        return service with
        {
            Environment = Ordinal.Sort(
                values.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
            ),
        };
    }

    private void AddFiles(Entry files, SortedDictionary<string, string?> values)
    {
        var known = new Dictionary<string, string>(reading.Inputs.Variables, StringComparer.Ordinal);
        foreach (var (node, path, file, required) in Files(files))
        {
            if (reading.Inputs.File(file) is not { } text)
            {
                if (required)
                    reading.Problems.Error(
                        node.Place,
                        path,
                        UndefinedReference,
                        $"There is no file {Reading.Shown(node)}; map the path under spec.files to a key of a Secret or ConfigMap"
                    );
                continue;
            }

            try
            {
                foreach (var (name, value) in DotEnv.Read(text, known))
                    values[name] = value;
            }
            catch (FormatException e)
            {
                reading.Invalid(node, path, $"The file is no list of NAME=value lines: {Paths.Printable(e.Message)}");
            }
        }
    }

    private IEnumerable<(Node Node, string Path, string File, bool Required)> Files(Entry files)
    {
        if (files.Node is not ListNode list)
        {
            if (reading.Text(files.Node, files.Path) is { } one)
                yield return (files.Node, files.Path, one, true);
            yield break;
        }

        for (var index = 0; index < list.Items.Count; index++)
        {
            var (item, path) = (list.Items[index], $"{files.Path}[{index}]");
            if (item is MapNode map)
            {
                var (file, required) = Long(map, path);
                if (file is not null)
                    yield return (item, path, file, required);
            }
            else if (reading.Text(item, path) is { } file)
            {
                yield return (item, path, file, true);
            }
        }
    }

    private (string? File, bool Required) Long(MapNode map, string path)
    {
        var (file, required) = ((string?)null, true);
        foreach (var entry in reading.Entries(map, path, KeyScope.EnvFile))
        {
            if (entry.Key == "path")
                file = reading.Text(entry.Node, entry.Path);
            else
                required = reading.Boolean(entry.Node, entry.Path) ?? true;
        }

        if (!map.Entries.Any(entry => entry.Key == "path"))
            reading.Problems.Error(map.Place, $"{path}.path", Required, "The long form needs path");
        return (file, required);
    }
}
