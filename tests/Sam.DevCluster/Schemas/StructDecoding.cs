using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.OpenApi;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>Reads a body into the types of the real server: fields they do not have are dropped and told, values of another type are a fault.</summary>
internal sealed class StructDecoding
{
    private const string Meta = "ObjectMeta";

    private static readonly HashSet<string> MicroTimes =
    [
        "acquireTime",
        "renewTime",
        "eventTime",
        "lastObservedTime",
        "pingTime",
    ];

    // The fields of metadata are in no list of kinds: every document shows them as one shared schema.
    private static readonly Dictionary<string, StructField[]> Shared = new()
    {
        [Meta] = Fields(
            "name generateName namespace selfLink uid resourceVersion generation:l creationTimestamp:t deletionTimestamp:t deletionGracePeriodSeconds:l labels:m annotations:m ownerReferences:[]OwnerReference finalizers:[] managedFields:[]ManagedFieldsEntry"
        ),
        ["OwnerReference"] = Fields("apiVersion kind name uid controller:b blockOwnerDeletion:b"),
        ["ManagedFieldsEntry"] = Fields("manager operation apiVersion time:t fieldsType fieldsV1:* subresource"),
    };

    private readonly List<string> _unknown = [];

    private DecodingFault? _fault;

    /// <summary>Decodes an object; null when nobody described its kind.</summary>
    public static Decoded? Run(JsonObject body, ResourceType type)
    {
        var decoding = new StructDecoding();
        if (type.IsCustom)
            decoding.Metadata(body);
        else if (BuiltInStructs.FieldsOf(SchemaNames.Of(type)) is { } fields)
            decoding.Struct(
                body,
                SchemaNames.Of(type),
                [.. Fields("apiVersion kind metadata:" + Meta), .. fields],
                new Place("", "")
            );
        else
            return null;
        return new Decoded(decoding._unknown, decoding._fault);
    }

    private static StructField[] Fields(string line) => [.. line.Split(' ').Select(StructField.Parse)];

    // Custom resources are read field by field only here, and what metadata does not know is told by the schema.
    private void Metadata(JsonObject body)
    {
        if (body.Object("metadata") is not { } metadata)
            return;
        Struct(metadata, Meta, Shared[Meta], new Place("metadata", ""), drops: false);
    }

    private void Struct(JsonObject node, string owner, StructField[] fields, Place place, bool drops = true)
    {
        foreach (var (name, value) in node.ToList())
        {
            var field = Array.Find(fields, field => field.Name == name);
            if (field is null)
            {
                if (drops)
                {
                    _unknown.Add(place.Under(name).Shown);
                    node.Remove(name);
                }
                continue;
            }
            if (value is null && field.Type != "*" && drops)
                node.Remove(name); // the zero value, which is not written
            else
                Value(value, field, field.Type, owner, place.Under(name));
        }
    }

    private void Value(JsonNode? node, StructField field, string type, string owner, Place place)
    {
        if (node is null || type == "*")
            return;
        var kind = node.KindOf();
        switch (type)
        {
            case ['[', ']', ..] when node is JsonArray list:
                for (var index = 0; index < list.Count; index++)
                    Value(list[index], field, type[2..], owner, place.Item(index));
                break;
            case ['{', '}', ..] when node is JsonObject map:
                foreach (var (key, value) in map)
                    Value(value, field, type[2..], owner, place.Key(key));
                break;
            case "m" when node is JsonObject map:
                foreach (var (key, value) in map)
                    Value(value, field, "", owner, place.Key(key));
                break;
            case "":
                Require(kind == JsonKind.String, node, TextType(field, owner), owner, place);
                break;
            case "i" or "l":
                Require(kind == JsonKind.Integer && (type == "l" || Fits(node)), node, GoType(type, owner), owner, place);
                break;
            case "n":
                Require(kind is JsonKind.Integer or JsonKind.Number, node, "float64", owner, place);
                break;
            case "b":
                Require(kind == JsonKind.Boolean, node, "bool", owner, place);
                break;
            case "t":
                Moment(node, field.Name);
                break;
            case "q" or "io":
                break; // read by their own rules, when they are validated
            default:
                Nested(node, type, owner, place);
                break;
        }
    }

    private void Nested(JsonNode node, string type, string owner, Place place)
    {
        if (node is not JsonObject inner || type.StartsWith('[') || type.StartsWith('{') || type == "m")
        {
            Require(false, node, GoType(type, owner), owner, place);
            return;
        }
        var name = Shared.ContainsKey(type) ? type : BuiltInStructs.NameOf(type, owner);
        var fields = name is null ? null : Shared.GetValueOrDefault(name) ?? BuiltInStructs.FieldsOf(name);
        if (fields is not null)
            Struct(inner, name!, fields, place);
    }

    private void Moment(JsonNode node, string field)
    {
        if (node.Text() is not { } text)
        {
            _fault ??= new DecodingFault($"json: cannot unmarshal {GoKind(node)} into Go value of type string", null);
            return;
        }
        var (written, why) = GoTimes.Read(text, MicroTimes.Contains(field));
        if (why is not null)
            _fault ??= new DecodingFault(why, why);
        else if (written != text)
            node.ReplaceWith(written);
    }

    private void Require(bool fits, JsonNode node, string wanted, string owner, Place place)
    {
        if (fits)
            return;
        var number = node is JsonValue && GoKind(node) == "number" && wanted.StartsWith("int", StringComparison.Ordinal);
        var found = number ? $"number {node.ToText()}" : GoKind(node);
        var shortName = owner[(owner.LastIndexOf('.') + 1)..];
        _fault ??= new DecodingFault(
            $"json: cannot unmarshal {found} into Go struct field {shortName}.{place.Go} of type {wanted}",
            DecodingFault.OfMap(node, wanted)
        );
    }

    private static bool Fits(JsonNode node) => node.TryInteger(out var value) && value is >= int.MinValue and <= int.MaxValue;

    private static string TextType(StructField field, string owner) =>
        field.Name == "binaryData" || (field.Name == "data" && owner.EndsWith(".Secret", StringComparison.Ordinal))
            ? "[]uint8"
            : "string";

    private static string GoType(string type, string owner) =>
        type switch
        {
            "" => "string",
            "i" => "int32",
            "l" => "int64",
            "n" => "float64",
            "b" => "bool",
            "m" => "map[string]string",
            "t" => "v1.Time",
            "q" => "resource.Quantity",
            "io" => "intstr.IntOrString",
            "*" => "interface {}",
            ['[', ']', ..] => "[]" + GoType(type[2..], owner),
            ['{', '}', ..] => "map[string]" + GoType(type[2..], owner),
            _ => $"{VersionOf(Shared.ContainsKey(type) ? "v1." : BuiltInStructs.NameOf(type, owner) ?? owner)}.{type}",
        };

    private static string VersionOf(string name) => name.Split('.') is [.., var version, _] ? version : "v1";

    private static string GoKind(JsonNode node) => DecodingFault.KindOf(node, "number", "number", "bool", "array", "object");

    /// <summary>Where a value lies: with places in lists and keys for people, without them as Go counts.</summary>
    private readonly record struct Place(string Shown, string Go)
    {
        public Place Under(string name) => new(Join(Shown, name), Join(Go, name));

        public Place Item(int index) => this with { Shown = $"{Shown}[{index}]" };

        public Place Key(string key) => this with { Shown = Join(Shown, key) };

        private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
