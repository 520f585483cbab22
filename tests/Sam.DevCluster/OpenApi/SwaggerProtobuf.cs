using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.OpenApi;

/// <summary>A Swagger document in the protobuf form of gnostic, which is the only one that Go clients ask for.</summary>
internal static class SwaggerProtobuf
{
    // Field numbers: number:name:type, a star repeats. Extensions, whose names begin with "x-", lie at the number behind "x".
    private static readonly Dictionary<string, Message> Messages = new[]
    {
        "Document=1:swagger:string 2:info:Info 8:paths:Paths 9:definitions:Definitions x16",
        "Info=1:title:string 2:version:string 3:description:string x7",
        "PathItem=2:get:Operation 3:put:Operation 4:post:Operation 5:delete:Operation 8:patch:Operation 9:parameters:Parameter* x10",
        "Operation=1:tags:string* 3:description:string 5:operationId:string 6:produces:string* 7:consumes:string* 8:parameters:Parameter* 9:responses:Responses 10:schemes:string* 11:deprecated:bool x13",
        "Body=1:description:string 2:name:string 3:in:string 4:required:bool 5:schema:Schema x6",
        "Query=1:required:bool 2:in:string 3:description:string 4:name:string 6:type:string 7:format:string 20:uniqueItems:bool x23",
        "Path=1:required:bool 2:in:string 3:description:string 4:name:string 5:type:string 6:format:string 19:uniqueItems:bool x22",
        "Response=1:description:string 2:schema:SchemaItem x5",
        "Schema=1:$ref:string 2:format:string 3:title:string 4:description:string 5:default:any 6:multipleOf:double 7:maximum:double 8:exclusiveMaximum:bool 9:minimum:double 10:exclusiveMinimum:bool 11:maxLength:int 12:minLength:int 13:pattern:string 14:maxItems:int 15:minItems:int 16:uniqueItems:bool 17:maxProperties:int 18:minProperties:int 19:required:string* 20:enum:any* 21:additionalProperties:SchemaOrFlag 22:type:TypeItem 23:items:SchemaItem 24:allOf:Schema* 25:properties:Definitions 29:externalDocs:any 30:example:any x31",
    }
        .Select(Message.Parse)
        .ToDictionary(message => message.Name);

    public static byte[] Encode(JsonObject document) => Encode("Document", document);

    private static byte[] Encode(string type, JsonObject node)
    {
        var message = Messages[type];
        var writer = new ProtobufWriter();
        foreach (var field in message.Fields)
        {
            if (node.Child(field.Name) is { } value)
                Write(writer, field.Number, field.Type, value);
        }
        foreach (var (name, value) in node.Where(pair => pair.Key.StartsWith("x-", StringComparison.Ordinal)))
            writer.Bytes(message.Extensions, Named(name, Any(value)));
        return writer.ToArray();
    }

    private static void Write(ProtobufWriter writer, int number, string type, JsonNode value)
    {
        if (type.EndsWith('*'))
        {
            foreach (var item in ((JsonArray)value).OfType<JsonNode>())
                Write(writer, number, type[..^1], item);
            return;
        }
        switch (type)
        {
            case "string":
                writer.Text(number, value.Text() ?? value.ToText());
                break;
            case "bool":
                writer.Number(number, value.Flag() == true ? 1 : 0);
                break;
            case "int" when value.TryInteger(out var whole):
                writer.Number(number, whole);
                break;
            case "double" when value.TryNumber(out var real):
                writer.Double(number, real);
                break;
            case "any":
                writer.Bytes(number, Any(value));
                break;
            default:
                writer.Bytes(number, Nested(type, value));
                break;
        }
    }

    private static byte[] Nested(string type, JsonNode value)
    {
        var writer = new ProtobufWriter();
        switch (type)
        {
            case "Paths":
                Pairs(writer, 2, value, item => Encode("PathItem", item));
                break;
            case "Definitions":
                Pairs(writer, 1, value, item => Encode("Schema", item));
                break;
            case "Responses":
                Pairs(writer, 1, value, item => Wrapped(1, Encode("Response", item)));
                break;
            case "Parameter":
                return Wrapped(1, Parameter((JsonObject)value));
            case "TypeItem":
                writer.Text(1, value.Text() ?? "");
                break;
            case "SchemaItem":
                writer.Bytes(1, Encode("Schema", (JsonObject)value));
                break;
            case "SchemaOrFlag" when value is JsonObject schema:
                writer.Bytes(1, Encode("Schema", schema));
                break;
            case "SchemaOrFlag":
                writer.Number(2, value.Flag() == true ? 1 : 0);
                break;
            default:
                return Encode(type, (JsonObject)value);
        }
        return writer.ToArray();
    }

    private static byte[] Parameter(JsonObject parameter) =>
        parameter.Text("in") switch
        {
            "body" => Wrapped(1, Encode("Body", parameter)),
            "path" => Wrapped(2, Wrapped(4, Encode("Path", parameter))),
            _ => Wrapped(2, Wrapped(3, Encode("Query", parameter))),
        };

    private static void Pairs(ProtobufWriter writer, int number, JsonNode value, Func<JsonObject, byte[]> encode)
    {
        foreach (var (name, item) in (JsonObject)value)
            writer.Bytes(number, Named(name, encode((JsonObject)item!)));
    }

    private static byte[] Named(string name, byte[] value)
    {
        var writer = new ProtobufWriter();
        writer.Text(1, name);
        writer.Bytes(2, value);
        return writer.ToArray();
    }

    private static byte[] Wrapped(int number, byte[] value)
    {
        var writer = new ProtobufWriter();
        writer.Bytes(number, value);
        return writer.ToArray();
    }

    // JSON is YAML.
    private static byte[] Any(JsonNode? value)
    {
        var writer = new ProtobufWriter();
        writer.Text(2, value is null ? "null" : value.ToText() + (value.GetValueKind() is JsonValueKind.Object ? "" : "\n"));
        return writer.ToArray();
    }

    private sealed record Message(string Name, IReadOnlyList<(int Number, string Name, string Type)> Fields, int Extensions)
    {
        public static Message Parse(string line)
        {
            var equals = line.IndexOf('=');
            var words = line[(equals + 1)..].Split(' ');
            var fields = words[..^1].Select(word => word.Split(':')).Select(word => (int.Parse(word[0]), word[1], word[2]));
            return new Message(line[..equals], [.. fields], int.Parse(words[^1][1..]));
        }
    }
}
