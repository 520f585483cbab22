using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.DevCluster.Json;

/// <summary>Short ways into Kubernetes objects held as JSON nodes.</summary>
internal static class JsonAccess
{
    /// <summary>How JSON is written: as Go does, which escapes little.</summary>
    public static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static byte[] ToUtf8(this JsonNode? node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }
        return buffer.ToArray();
    }

    public static string ToText(this JsonNode? node) => System.Text.Encoding.UTF8.GetString(node.ToUtf8());

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static string? Text(this JsonNode? node, string name) => node.Child(name).Text();

    public static bool? Flag(this JsonNode? node) =>
        node is JsonValue value
            ? value.GetValueKind() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
            : null;

    public static bool IsTrue(this JsonNode? node, string name) => node.Child(name).Flag() == true;

    public static JsonNode? Child(this JsonNode? node, string name) =>
        node is JsonObject o && o.TryGetPropertyValue(name, out var value) ? value : null;

    public static JsonObject? Object(this JsonNode? node, string name) => node.Child(name) as JsonObject;

    public static JsonArray? Array(this JsonNode? node, string name) => node.Child(name) as JsonArray;

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
            node = node.Child(step);
        return node;
    }

    public static IEnumerable<string> Strings(this JsonNode? node) =>
        node is JsonArray list ? list.Select(item => item.Text()).OfType<string>() : [];

    public static JsonObject Metadata(this JsonObject node) => node.Ensure("metadata");

    public static JsonObject Ensure(this JsonObject node, string name)
    {
        if (node.Object(name) is { } found)
            return found;
        var made = new JsonObject();
        node[name] = made;
        return made;
    }

    public static string Name(this JsonObject node) => node.Object("metadata").Text("name") ?? "";

    public static string Namespace(this JsonObject node) => node.Object("metadata").Text("namespace") ?? "";

    public static string Uid(this JsonObject node) => node.Object("metadata").Text("uid") ?? "";

    public static bool IsDeleting(this JsonObject node) => node.Object("metadata").Text("deletionTimestamp") is not null;

    public static JsonKind KindOf(this JsonNode? node) =>
        node switch
        {
            null => JsonKind.Null,
            JsonObject => JsonKind.Object,
            JsonArray => JsonKind.Array,
            _ => node.GetValueKind() switch
            {
                JsonValueKind.String => JsonKind.String,
                JsonValueKind.True or JsonValueKind.False => JsonKind.Boolean,
                JsonValueKind.Number => node.TryInteger(out _) ? JsonKind.Integer : JsonKind.Number,
                _ => JsonKind.Null,
            },
        };

    public static bool Same(JsonNode? left, JsonNode? right)
    {
        switch (left, right)
        {
            case (null, null):
                return true;
            case (null, _) or (_, null):
                return false;
            case (JsonObject a, JsonObject b):
                return a.Count == b.Count
                    && a.All(pair => b.TryGetPropertyValue(pair.Key, out var other) && Same(pair.Value, other));
            case (JsonArray a, JsonArray b):
                return a.Count == b.Count && !a.Where((item, index) => !Same(item, b[index])).Any();
            default:
                return SameScalar(left, right);
        }
    }

    private static bool SameScalar(JsonNode left, JsonNode right)
    {
        if (left.TryNumber(out var a) && right.TryNumber(out var b))
            return a.Equals(b);
        if (left.Text() is { } text)
            return text == right.Text();
        return left.Flag() is { } flag && flag == right.Flag();
    }

    public static bool TryObject(this JsonNode? node, [NotNullWhen(true)] out JsonObject? value)
    {
        value = node as JsonObject;
        return value is not null;
    }
}

/// <summary>The JSON types as schemas name them.</summary>
internal enum JsonKind
{
    Null,
    Object,
    Array,
    String,
    Boolean,
    Integer,
    Number,
}
