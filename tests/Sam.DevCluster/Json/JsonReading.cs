using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Sam.DevCluster.Json;

/// <summary>Reads JSON as Go does: the last duplicate wins and is reported, whole numbers stay integers, everything else is a double.</summary>
internal static class JsonReading
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, List<string>? duplicates = null, bool joinsMaps = false)
    {
        if (!Utf8.IsValid(utf8))
            utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8)); // Go puts a mark where bytes are no text
        var reader = new Utf8JsonReader(utf8, Options);
        if (!reader.Read())
            throw new JsonException("unexpected end of JSON input");
        var node = ReadValue(ref reader, "", duplicates, joinsMaps);
        if (reader.Read())
            throw new JsonException("trailing data after the JSON value");
        return node;
    }

    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8) =>
        Parse(utf8) as JsonObject ?? throw new JsonException("not a JSON object");

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool joinsMaps) =>
        reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates, joinsMaps),
            JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates, joinsMaps),
            JsonTokenType.String => JsonValue.Create(reader.GetString()),
            JsonTokenType.True => JsonValue.Create(true),
            JsonTokenType.False => JsonValue.Create(false),
            JsonTokenType.Number => ReadNumber(ref reader),
            _ => null,
        };

    private static JsonNode ReadNumber(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var integer) && !reader.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E')
            ? JsonValue.Create(integer)
            : JsonNumbers.FromDouble(reader.GetDouble());

    private static JsonObject ReadObject(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool joinsMaps)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var here =
                duplicates is null ? ""
                : path.Length == 0 ? name
                : path + "." + name;
            if (duplicates is not null && result.ContainsKey(name))
                duplicates.Add(here);
            reader.Read();
            var value = ReadValue(ref reader, here, duplicates, joinsMaps);
            if (joinsMaps && value is JsonObject more && result[name] is JsonObject first)
                Join(first, more); // Go reads the second map into the first
            else
                result[name] = value;
        }
        return result;
    }

    private static void Join(JsonObject first, JsonObject more)
    {
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            first[name] = value;
        }
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool joinsMaps)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            result.Add(ReadValue(ref reader, duplicates is null ? "" : $"{path}[{result.Count}]", duplicates, joinsMaps));
        return result;
    }
}
