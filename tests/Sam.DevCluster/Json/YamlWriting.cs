using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.DevCluster.Json;

/// <summary>JSON nodes as YAML in the form of Go's library: sorted keys, lists at the indent of their key.</summary>
internal static partial class YamlWriting
{
    public static string ToYaml(this JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, JsonOrder.Sorted(node), 0, isInList: false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent, bool isInList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                var isFirst = isInList;
                foreach (var (key, value) in map)
                {
                    text.Append(' ', isFirst ? 0 : indent).Append(Scalar(key)).Append(':');
                    isFirst = false;
                    WriteValue(text, value, indent);
                }
                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    text.Append(' ', indent).Append("- ");
                    Write(text, item, indent + 2, isInList: true);
                }
                break;
            default:
                text.Append(Flat(node)).Append('\n');
                break;
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            Write(text, value, value is JsonObject ? indent + 2 : indent, isInList: false);
        }
        else
        {
            text.Append(' ').Append(Flat(value)).Append('\n');
        }
    }

    private static string Flat(JsonNode? node) =>
        node switch
        {
            JsonObject => "{}",
            JsonArray => "[]",
            null => "null",
            _ when node.TryInteger(out var integer) => integer.ToString(CultureInfo.InvariantCulture),
            _ when node.TryNumber(out var real) => JsonNumbers.Text(real),
            _ when node.Flag() is { } flag => flag ? "true" : "false",
            _ => Scalar(node.Text() ?? ""),
        };

    // What would be read as anything but this text is quoted; JSON strings are YAML strings.
    private static string Scalar(string text) =>
        Plain().IsMatch(text) && !Ambiguous().IsMatch(text) ? text : JsonValue.Create(text).ToText();

    [GeneratedRegex(@"\A[A-Za-z0-9_./(][A-Za-z0-9_./@()+,=-]*([ :][A-Za-z0-9_./@()+,=-]+)*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"\A(y|n|yes|no|on|off|true|false|null|~|[-+]?[0-9._]+([eE][-+]?[0-9]+)?|0x[0-9a-f]+|\.inf|\.nan|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]+(:[0-9]+)+)\z(?<!\A\.)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Ambiguous();
}
