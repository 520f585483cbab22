using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.DevCluster.Json;

/// <summary>Objects in the order in which the real server writes them.</summary>
/// <remarks>Its own kinds are structs, whose fields have an order of their own; custom resources are maps, sorted by name.</remarks>
internal static class GoOrder
{
    private static readonly string[] Root = ["kind", "apiVersion", "metadata"];

    private static readonly string[] Metadata =
    [
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "managedFields",
    ];

    private static readonly string[] ManagedFields =
    [
        "manager",
        "operation",
        "apiVersion",
        "time",
        "fieldsType",
        "fieldsV1",
        "subresource",
    ];

    private static readonly string[] Maps = ["labels", "annotations", "data", "binaryData", "fieldsV1"];

    public static byte[] Encode(JsonObject node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonAccess.Writing))
        {
            if (IsOwn(node.Text("apiVersion") ?? ""))
                WriteStruct(writer, node, Root);
            else
                WriteSorted(writer, node);
        }
        return buffer.WrittenSpan.ToArray();
    }

    // Groups without a dot and those below k8s.io are the server's own; a definition there needs its approval.
    private static bool IsOwn(string apiVersion) =>
        apiVersion.Split('/') is not [var group, _]
        || !group.Contains('.', StringComparison.Ordinal)
        || group.EndsWith(".k8s.io", StringComparison.Ordinal);

    private static void WriteStruct(Utf8JsonWriter writer, JsonObject node, string[] order)
    {
        writer.WriteStartObject();
        foreach (var name in order)
        {
            if (node.TryGetPropertyValue(name, out var value))
                WriteField(writer, name, value);
        }
        foreach (var (name, value) in node)
        {
            if (!order.Contains(name))
                WriteField(writer, name, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        switch (value)
        {
            case JsonObject metadata when name == "metadata":
                WriteStruct(writer, metadata, Metadata);
                break;
            case JsonObject when Maps.Contains(name):
                WriteSorted(writer, value);
                break;
            case JsonArray entries when name == "managedFields":
                writer.WriteStartArray();
                foreach (var entry in entries.OfType<JsonObject>())
                    WriteStruct(writer, entry, ManagedFields);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                writer.WriteStartObject();
                foreach (var (name, value) in InOrder(fields))
                {
                    writer.WritePropertyName(name);
                    WriteSorted(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static KeyValuePair<string, JsonNode?>[] InOrder(JsonObject fields)
    {
        var pairs = fields.ToArray();
        Array.Sort(pairs, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return pairs;
    }
}
