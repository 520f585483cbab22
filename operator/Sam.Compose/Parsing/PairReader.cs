using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Parsing;

/// <summary>Maps and lists of NAME=value: environment and labels.</summary>
internal sealed class PairReader(Reading reading)
{
    private const string Reserved = "dev.sam.";

    /// <summary>A name without a value is taken from the variables; null when it is not there either.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Variables(Node node, string path)
    {
        foreach (var (place, below, key, value) in Pairs(node, path))
        {
            if (key.Length == 0 || key.Contains('=', StringComparison.Ordinal) || key.Contains('\0', StringComparison.Ordinal))
                reading.Invalid(place, below, "A variable needs a name without an equals sign");
            else
                yield return KeyValuePair.Create(key, value ?? reading.Variable(key));
        }
    }

    /// <summary>Plain settings; one without a value is empty, and one that may not be set is a problem.</summary>
    public ImmutableSortedDictionary<string, string> Plain(Entry pairs, Action<Node, string, string>? judge = null)
    {
        var result = Ordinal.Empty<string>().ToBuilder();
        foreach (var (place, below, key, value) in Pairs(pairs.Node, pairs.Path))
        {
            result[key] = value ?? "";
            judge?.Invoke(place, below, key);
        }

        return result.ToImmutable();
    }

    public ImmutableSortedDictionary<string, string> Labels(Node node, string path)
    {
        var result = Ordinal.Empty<string>().ToBuilder();
        foreach (var (place, below, key, value) in Pairs(node, path))
        {
            if (key.Length == 0)
                reading.Invalid(place, below, "A label needs a name");
            else if (key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
                reading.Problems.Error(
                    place.Place,
                    below,
                    ProblemCode.Refused,
                    $"Labels that start with {Reserved} belong to SAM; choose another name"
                );
            else
                result[key] = value ?? "";
        }
        return result.ToImmutable();
    }

    private IEnumerable<(Node Place, string Path, string Key, string? Value)> Pairs(Node node, string path)
    {
        switch (node)
        {
            case MapNode map:
                foreach (var entry in map.Entries)
                {
                    var below = Paths.Join(path, entry.Key);
                    yield return (entry.Value, below, entry.Key, reading.Loose(entry.Value, below));
                }
                break;
            case ListNode list:
                for (var index = 0; index < list.Items.Count; index++)
                {
                    var below = $"{path}[{index}]";
                    if (reading.Text(list.Items[index], below) is not { } text)
                        continue;
                    var parts = text.Split('=', 2);
                    yield return (list.Items[index], below, parts[0], parts.Length == 2 ? parts[1] : null);
                }
                break;
            default:
                reading.Invalid(node, path, "A map (NAME: value) or a list (- NAME=value) is needed here");
                break;
        }
    }
}
