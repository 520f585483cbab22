using System.Collections.Immutable;
using System.Globalization;
using Sam.Compose.Interpolation;
using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Compose.Parsing;

/// <summary>One supported entry of a map.</summary>
internal sealed record Entry(string Key, string Path, Node Node);

/// <summary>Typed reads of nodes; a value of the wrong form becomes a problem and null.</summary>
internal sealed class Reading(Problems problems, ComposeInputs inputs)
{
    private readonly Interpolator _interpolator = new(inputs.Variables);

    public Problems Problems => problems;

    public ComposeInputs Inputs => inputs;

    public string? Variable(string name) => inputs.Variables.TryGetValue(name, out var value) ? value : null;

    public void Invalid(Node node, string path, string message) =>
        problems.Error(node.Place, path, ProblemCode.InvalidValue, message);

    /// <summary>The supported entries; every other key becomes a problem here, by its row of the table. What an ignored key says is kept as written.</summary>
    public IEnumerable<Entry> Entries(MapNode map, string path, KeyScope scope, Written? written = null)
    {
        foreach (var entry in map.Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            var below = Paths.Join(path, entry.Key);
            switch (KeyRules.Find(scope, entry.Key))
            {
                case null:
                    problems.Error(
                        entry.Place,
                        below,
                        ProblemCode.UnknownKey,
                        $"Key {Paths.Printable(entry.Key)} is unknown here; {KeyRules.Near(scope, entry.Key)}"
                    );
                    break;
                case { Support: Support.Refused } rule:
                    problems.Error(entry.Place, below, ProblemCode.Refused, $"{rule.Key} is not supported. {rule.Note}");
                    break;
                case { Support: not Support.Refused } when IsNull(entry.Value) && !MayBeEmpty(scope, entry.Key):
                    problems.Error(
                        entry.Value.Place,
                        below,
                        ProblemCode.InvalidValue,
                        $"{entry.Key} has no value; write one, or remove the key"
                    );
                    break;
                case { Support: Support.Ignored } rule:
                    problems.Warn(entry.Place, below, ProblemCode.Ignored, $"{rule.Key} has no effect. {rule.Note}");
                    written?.Keep(rule.Key, NodeJson.Of(this, entry.Value, below));
                    break;
                default:
                    yield return new Entry(entry.Key, below, entry.Value);
                    break;
            }
        }
    }

    // As Compose: null is the image's own command, and an empty deploy; anywhere else it is a value that was forgotten.
    private static bool MayBeEmpty(KeyScope scope, string key) =>
        scope == KeyScope.Service && key is "command" or "entrypoint" or "deploy" or "develop";

    /// <summary>What the file says, for a message: never the value of a variable, since messages end in status.</summary>
    public static string Shown(Node node) => node is ScalarNode scalar ? Paths.Printable(scalar.Text) : "The value";

    public MapNode? Map(Node node, string path)
    {
        if (node is MapNode map)
            return map;
        Invalid(node, path, "A map (key: value) is needed here");
        return null;
    }

    public ListNode? List(Node node, string path)
    {
        if (node is ListNode list)
            return list;
        Invalid(node, path, "A list is needed here");
        return null;
    }

    public static bool IsNull(Node node) => node is ScalarNode { Kind: ScalarKind.Null };

    /// <summary>A string, interpolated; numbers and booleans must be quoted.</summary>
    public string? Text(Node node, string path)
    {
        if (node is ScalarNode { Kind: ScalarKind.String } scalar)
            return Expand(scalar, path);
        Invalid(node, path, "A string is needed here; put it in quotes");
        return null;
    }

    /// <summary>Any scalar as the string Compose makes of it; null for YAML's null.</summary>
    public string? Loose(Node node, string path)
    {
        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.Null }:
                return null;
            case ScalarNode { Kind: ScalarKind.Boolean } scalar:
                return scalar.Text.ToLowerInvariant();
            case ScalarNode { Kind: ScalarKind.Integer } scalar:
                return Numbers.Integer(scalar.Text)!.Value.ToString(CultureInfo.InvariantCulture);
            case ScalarNode { Kind: ScalarKind.Float } scalar:
                return GoNumbers.Format(Numbers.Float(scalar.Text)!.Value);
            case ScalarNode { Kind: ScalarKind.Timestamp } scalar:
                return Timestamps.Format(Timestamps.Read(scalar.Text)!.Value);
            case ScalarNode scalar:
                return Expand(scalar, path);
            default:
                Invalid(node, path, "A plain value is needed here, not a list or map");
                return null;
        }
    }

    public long? Integer(Node node, string path, long least, long most)
    {
        if (Scalar(node, path) is not { } text)
            return null;
        if (Numbers.Integer(text) is { } number && number >= least && number <= most)
            return number;
        Invalid(node, path, $"{Shown(node)} is no number from {least} to {most}");
        return null;
    }

    public bool? Boolean(Node node, string path)
    {
        switch (Scalar(node, path)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "y" or "yes" or "on":
                return true;
            case "false" or "n" or "no" or "off":
                return false;
            default:
                Invalid(node, path, "true or false is needed here");
                return null;
        }
    }

    public TimeSpan? Duration(Node node, string path)
    {
        if (Scalar(node, path) is not { } text)
            return null;
        if (Units.Duration(text) is { } duration)
            return duration;
        Invalid(node, path, $"{Shown(node)} is no duration; write it like 10s or 1m30s");
        return null;
    }

    public long? Bytes(Node node, string path)
    {
        if (Scalar(node, path) is not { } text)
            return null;
        if (Units.Bytes(text) is { } bytes)
            return bytes;
        Invalid(node, path, $"{Shown(node)} is no size; write it like 512M or 1G");
        return null;
    }

    public long? NanoCpus(Node node, string path)
    {
        if (Scalar(node, path) is not { } text)
            return null;
        if (Numbers.Float(text) is { } cpus and > 0 and <= 4096)
            return (long)Math.Round(cpus * 1_000_000_000);
        Invalid(node, path, $"{Shown(node)} is no number of CPUs; write it like 0.5");
        return null;
    }

    /// <summary>One string, or a list of them.</summary>
    public ImmutableArray<string>? OneOrMore(Node node, string path)
    {
        if (node is ListNode list)
            return Strings(list, path);
        return Text(node, path) is { } text ? [text] : null;
    }

    /// <summary>A list of strings or numbers, each once.</summary>
    public ImmutableArray<string>? Words(Node node, string path)
    {
        if (List(node, path) is not { } list)
            return null;
        var words = list
            .Items.Select((item, index) => Scalar(item, $"{path}[{index}]"))
            .OfType<string>()
            .Distinct()
            .ToImmutableArray();
        return words.IsEmpty ? null : words;
    }

    /// <summary>A list of strings; entries of another form become problems.</summary>
    public ImmutableArray<string> Strings(ListNode list, string path) =>
        [.. list.Items.Select((item, index) => Text(item, $"{path}[{index}]")).OfType<string>()];

    /// <summary>Any scalar's text, interpolated; null with a problem otherwise.</summary>
    public string? Scalar(Node node, string path)
    {
        if (node is ScalarNode { Kind: not ScalarKind.Null } scalar)
            return Expand(scalar, path);
        Invalid(node, path, "A value is needed here");
        return null;
    }

    private string? Expand(ScalarNode scalar, string path)
    {
        var expansion = _interpolator.Expand(scalar.Text);
        foreach (var name in expansion.Unset.Distinct())
        {
            var message =
                $"Variable {name} is not set, an empty string is used; set it in env or envFrom, or write ${{{name}:-default}}";
            problems.Warn(scalar.Place, path, ProblemCode.MissingVariable, message);
        }
        if (expansion.Fault is not { } fault)
            return expansion.Text;
        var code = fault.Missing ? ProblemCode.MissingVariable : ProblemCode.InvalidValue;
        problems.Error(scalar.Place, path, code, $"Not interpolated: {Paths.Printable(fault.Message)}");
        return null;
    }
}
