using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sam.Crds.Generator.Writing;

/// <summary>Writes a tree as YAML for people: block style, quotes only where a reader would take a text for something else.</summary>
public static partial class YamlText
{
    private const int Width = 120;

    /// <summary>The tree as one YAML document.</summary>
    public static string Write(JsonNode root)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(
            text,
            new EmitterSettings(2, Width, isCanonical: false, maxSimpleKeyLength: 1024, skipAnchorName: true)
        );
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Emit(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(IEmitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var style = map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var (key, value) in map)
                {
                    emitter.Emit(Text(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                var listStyle = list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, listStyle));
                foreach (var item in list)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>()));
                break;
            case JsonValue value:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value.ToJsonString(), ScalarStyle.Plain, true, false));
                break;
            default:
                throw new InvalidOperationException("A manifest has no null");
        }
    }

    private static Scalar Text(string text)
    {
        var style = text switch
        {
            _ when text.Contains('\n') => ScalarStyle.Literal,
            _ when text.Length == 0 || Ambiguous().IsMatch(text) => ScalarStyle.SingleQuoted,
            _ => ScalarStyle.Any,
        };
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true);
    }

    // What YAML 1.1 or 1.2 readers resolve to a number, a boolean, a null or a time.
    [GeneratedRegex(
        "^([-+]?\\.?[0-9].*|[-+]?\\.?(inf|nan)|y|n|yes|no|on|off|true|false|null|~|=|<<)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Ambiguous();
}
