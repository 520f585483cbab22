using System.Text;
using System.Text.Json.Nodes;

namespace Sam.DevCluster.Json;

/// <summary>Kubernetes' protobuf bodies to JSON, for the few built-in kinds that kubectl writes through its typed client.</summary>
internal static class ProtobufReading
{
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    public static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Magic))
            throw new FormatException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        var envelope = Message(body[Magic.Length..], "Unknown");
        var kind = envelope.Object("typeMeta").Text("kind") ?? "";
        if (ProtobufMessages.Find(kind) is null)
            throw new FormatException($"protobuf bodies of kind {kind} are not supported by the dev cluster; send JSON");
        var node = Message(Convert.FromBase64String(envelope.Text("raw") ?? ""), kind);
        node["apiVersion"] = envelope.Object("typeMeta").Text("apiVersion");
        node["kind"] = kind;
        return node;
    }

    private static JsonObject Message(ReadOnlySpan<byte> bytes, string name)
    {
        var fields = ProtobufMessages.Find(name)!;
        var result = new JsonObject();
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var isBlock = (tag & 7) == 2;
            if (!isBlock && (tag & 7) != 0)
                throw new FormatException($"unsupported wire type {tag & 7}");
            var number = isBlock ? 0 : (long)Varint(ref bytes);
            var block = isBlock ? Take(ref bytes) : default;
            if (fields.TryGetValue((int)(tag >> 3), out var field))
                Set(result, field, number, block);
        }
        return result;
    }

    private static void Set(JsonObject result, ProtobufField field, long number, ReadOnlySpan<byte> block)
    {
        if (field.Type is "map" or "bytesmap")
        {
            var (key, value) = Entry(block, field.Type == "bytesmap");
            result.Ensure(field.Name)[key] = value;
            return;
        }
        var node = Value(field, number, block);
        if (field.IsRepeated)
        {
            if (result.Array(field.Name) is not { } list)
                result[field.Name] = list = [];
            list.Add(node);
        }
        else if (node is not null)
        {
            result[field.Name] = node;
        }
    }

    // Go writes empty strings and messages that JSON leaves out.
    private static JsonNode? Value(ProtobufField field, long number, ReadOnlySpan<byte> block)
    {
        switch (field.Type)
        {
            case "string":
                return block.Length == 0 && !field.IsRepeated ? null : JsonValue.Create(Encoding.UTF8.GetString(block));
            case "bytes":
                return JsonValue.Create(Convert.ToBase64String(block));
            case "int":
                return JsonValue.Create(number);
            case "bool":
                return JsonValue.Create(number != 0);
            case "time":
                var time = Message(block, "Time");
                return time.Child("seconds").TryInteger(out var seconds)
                    ? JsonValue.Create(
                        DateTimeOffset
                            .FromUnixTimeSeconds(seconds)
                            .AddTicks(time.Child("nanos").TryInteger(out var nanos) ? nanos / 100 : 0)
                            .ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ")
                    )
                    : null;
            default:
                var inner = Message(block, field.Type);
                return inner.Count == 0 && !field.IsRepeated ? null : inner;
        }
    }

    private static (string Key, JsonNode Value) Entry(ReadOnlySpan<byte> bytes, bool isBytes)
    {
        var key = "";
        byte[] value = [];
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            if (tag >> 3 == 1)
                key = Encoding.UTF8.GetString(Take(ref bytes));
            else
                value = Take(ref bytes).ToArray();
        }
        return (key, JsonValue.Create(isBytes ? Convert.ToBase64String(value) : Encoding.UTF8.GetString(value)));
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> bytes)
    {
        var length = (int)Varint(ref bytes);
        if (length < 0 || length > bytes.Length)
            throw new FormatException("unexpected end of protobuf");
        var block = bytes[..length];
        bytes = bytes[length..];
        return block;
    }

    private static ulong Varint(scoped ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (bytes.Length == 0)
                throw new FormatException("unexpected end of protobuf");
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new FormatException("overlong varint in protobuf");
    }
}
