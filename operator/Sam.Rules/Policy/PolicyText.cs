using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sam.Rules.Policy;

/// <summary>What reading a policy came to.</summary>
/// <param name="Policy">The policy; null if anything is wrong with the text.</param>
/// <param name="Problems">Everything that is wrong, each with its path.</param>
public sealed record PolicyReading(PlatformPolicy? Policy, IReadOnlyList<string> Problems);

/// <summary>Reads a platform policy from YAML or JSON: strictly, and with every error at once.</summary>
public static class PolicyText
{
    private const int MostCharacters = 256 * 1024;
    private const int MostDepth = 16;

    /// <summary>Reads a text.</summary>
    public static PolicyReading Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostCharacters)
            return Refused($"the file has {text.Length} characters; at most {MostCharacters} are read");
        try
        {
            var root = text.AsSpan().TrimStart().StartsWith("{") ? FromJson(text) : FromYaml(text);
            if (root is null)
                return Refused("the file is empty; a policy without rules is `rules: []`");
            var reader = new PolicyReader();
            var policy = reader.Read(root);
            return new PolicyReading(reader.Problems.Count == 0 ? policy : null, reader.Problems);
        }
        catch (YamlException fault)
        {
            return Refused($"line {fault.Start.Line}, column {fault.Start.Column}: {fault.Message}");
        }
        catch (JsonException fault)
        {
            return Refused($"line {fault.LineNumber + 1}: {fault.Message}");
        }
        // What the YAML library itself trips over on malformed input is a fault of the file too.
        catch (Exception fault)
            when (fault is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            return Refused("the file is no YAML document");
        }
    }

    private static PolicyReading Refused(string why) => new(null, [why]);

    private static PolicyNode? FromJson(string text)
    {
        using var document = JsonDocument.Parse(
            text,
            new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false }
        );
        return Convert(document.RootElement);
    }

    private static PolicyNode Convert(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => new PolicyNode.Map([
                .. json.EnumerateObject().Select(member => (member.Name, Convert(member.Value))),
            ]),
            JsonValueKind.Array => new PolicyNode.Items([.. json.EnumerateArray().Select(Convert)]),
            JsonValueKind.String => new PolicyNode.Scalar(json.GetString()!),
            JsonValueKind.Null => new PolicyNode.Scalar(""),
            _ => new PolicyNode.Scalar(json.GetRawText()),
        };

    private static PolicyNode? FromYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count switch
        {
            0 => null,
            1 => Convert(stream.Documents[0].RootNode, 0),
            _ => throw new YamlException("the file holds several YAML documents; keep one"),
        };
    }

    private static PolicyNode Convert(YamlNode yaml, int depth)
    {
        // An alias may lead into itself.
        if (depth > MostDepth)
            throw new YamlException(yaml.Start, yaml.End, $"is nested deeper than {MostDepth}");
        return yaml switch
        {
            YamlMappingNode map => new PolicyNode.Map([
                .. map.Children.Select(pair => ((pair.Key as YamlScalarNode)?.Value ?? "", Convert(pair.Value, depth + 1))),
            ]),
            YamlSequenceNode list => new PolicyNode.Items([.. list.Children.Select(item => Convert(item, depth + 1))]),
            YamlScalarNode scalar => new PolicyNode.Scalar(IsNull(scalar) ? "" : scalar.Value ?? ""),
            _ => throw new YamlException(yaml.Start, yaml.End, "is no value"),
        };
    }

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar is { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}

/// <summary>YAML and JSON alike.</summary>
internal abstract record PolicyNode
{
    private PolicyNode() { }

    /// <summary>An object, its members in order.</summary>
    public sealed record Map(IReadOnlyList<(string Name, PolicyNode Value)> Members) : PolicyNode;

    /// <summary>A list.</summary>
    public sealed record Items(IReadOnlyList<PolicyNode> Values) : PolicyNode;

    /// <summary>A text, a number or a word; empty for null.</summary>
    public sealed record Scalar(string Text) : PolicyNode;
}
