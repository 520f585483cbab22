using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>depends_on, list or map.</summary>
internal sealed class DependencyReader(Reading reading, IReadOnlySet<string> services)
{
    public ImmutableSortedDictionary<string, Dependency> Read(Node node, string path)
    {
        var result = Ordinal.Empty<Dependency>().ToBuilder();
        switch (node)
        {
            case ListNode list:
                for (var index = 0; index < list.Items.Count; index++)
                {
                    var below = $"{path}[{index}]";
                    if (reading.Text(list.Items[index], below) is { } name)
                        Add(result, name, new Dependency(DependencyCondition.Started), list.Items[index], below);
                }
                break;
            case MapNode map:
                foreach (var entry in map.Entries)
                {
                    var below = Paths.Join(path, entry.Key);
                    if (Long(entry.Value, below) is { } dependency)
                        Add(result, entry.Key, dependency, entry.Value, below);
                }
                break;
            default:
                reading.Invalid(node, path, "A list of services or a map with a condition per service is needed here");
                break;
        }
        return result.ToImmutable();
    }

    private void Add(
        ImmutableSortedDictionary<string, Dependency>.Builder result,
        string name,
        Dependency dependency,
        Node node,
        string path
    )
    {
        if (services.Contains(name))
            result[name] = dependency;
        else if (dependency.Required)
            reading.Problems.Error(
                node.Place,
                path,
                UndefinedReference,
                $"Service {(node is MapNode ? Paths.Printable(name) : Reading.Shown(node))} is not in the file; add it or remove it here"
            );
        else
            reading.Problems.Warn(
                node.Place,
                path,
                Ignored,
                $"Service {(node is MapNode ? Paths.Printable(name) : Reading.Shown(node))} is not in the file and not required"
            );
    }

    private Dependency? Long(Node node, string path)
    {
        if (reading.Map(node, path) is not { } map)
            return null;
        var condition = DependencyCondition.Started;
        var required = true;
        var written = new Written();
        foreach (var entry in reading.Entries(map, path, KeyScope.Dependency, written))
        {
            if (entry.Key == "condition")
                condition = Condition(entry);
            else if (entry.Key == "required")
                required = reading.Boolean(entry.Node, entry.Path) ?? true;
        }
        if (!map.Entries.Any(entry => entry.Key == "condition"))
            reading.Problems.Error(
                node.Place,
                $"{path}.condition",
                Required,
                "The long form needs a condition, such as service_started"
            );
        return new Dependency(condition, required)
        {
            Restart = written.All.Any(entry =>
                entry is { Key: "restart", Value: JsonValue value } && value.TryGetValue<bool>(out var on) && on
            ),
        };
    }

    private DependencyCondition Condition(Entry entry)
    {
        switch (reading.Text(entry.Node, entry.Path))
        {
            case "service_healthy":
                return DependencyCondition.Healthy;
            case "service_completed_successfully":
                return DependencyCondition.CompletedSuccessfully;
            case "service_started" or null:
                return DependencyCondition.Started;
            default:
                reading.Invalid(entry.Node, entry.Path, "Use service_started, service_healthy or service_completed_successfully");
                return DependencyCondition.Started;
        }
    }
}
