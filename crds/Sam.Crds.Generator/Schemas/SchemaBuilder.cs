using System.Reflection;
using System.Text.Json.Nodes;
using Sam.Crds.Generator.Reading;
using Sam.Crds.Schema;

namespace Sam.Crds.Generator.Schemas;

/// <summary>Turns C# types into structural schemas; collects every problem instead of stopping at the first.</summary>
/// <param name="docs">Where descriptions come from.</param>
public sealed class SchemaBuilder(XmlDocs docs)
{
    private readonly List<string> _problems = [];
    private readonly Stack<Type> _open = [];

    /// <summary>What is wrong with the types seen so far, each with its path.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The schema of a whole object: metadata, spec and status.</summary>
    public JsonObject ForKind(Kind kind)
    {
        var spec = Object(kind.Spec, $"{kind.Name}.spec", Strictness.Spec);
        var status = Object(kind.Status, $"{kind.Name}.status", Strictness.Status);
        status.Insert(2, "default", new JsonObject { ["observedGeneration"] = -1 });
        var root = new JsonObject { ["description"] = Described(docs.Summary(kind.Type), kind.Name), ["type"] = "object" };
        if (spec.ContainsKey("required"))
            root["required"] = new JsonArray("spec");
        root["properties"] = new JsonObject
        {
            ["apiVersion"] = WellKnown.ApiVersion(),
            ["kind"] = WellKnown.Kind(),
            ["metadata"] = new JsonObject { ["type"] = "object" },
            ["spec"] = spec,
            ["status"] = status,
        };
        return root;
    }

    /// <summary>The schema of one type, as it stands under a spec or a status.</summary>
    public JsonObject Object(Type type, string path, Strictness strictness)
    {
        var node = new JsonObject { ["description"] = Described(docs.Summary(type), path) };
        AddObject(node, type, path, strictness);
        return node;
    }

    private void AddObject(JsonObject node, Type type, string path, Strictness strictness)
    {
        node["type"] = "object";
        if (_open.Contains(type))
        {
            _problems.Add($"{path}: {type.Name} contains itself; a structural schema cannot");
            return;
        }

        _open.Push(type);
        var fields = Field.Of(type);
        var required = fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.JsonName).ToArray();
        if (required.Length > 0)
            node["required"] = new JsonArray(required);
        AddRules(
            node,
            [.. type.GetCustomAttributes<RuleAttribute>(), .. fields.Select(Immutability.OfPresence).OfType<RuleAttribute>()]
        );
        if (type.GetCustomAttribute<AtomicAttribute>() is not null)
            node["x-kubernetes-map-type"] = "atomic";
        var properties = new JsonObject();
        foreach (var field in fields)
            properties[field.JsonName] = ForField(field, $"{path}.{field.JsonName}", strictness);
        node["properties"] = properties;
        _open.Pop();
    }

    private JsonObject ForField(Field field, string path, Strictness strictness)
    {
        var node = new JsonObject { ["description"] = Described(docs.Summary(field.Property), path) };
        AddValue(node, field.Type, field, path, strictness);
        if (field.Default is { } value)
            node.Insert(2, "default", Defaults.ToJson(value, field.Type));
        AddRules(node, field.Property.GetCustomAttributes<RuleAttribute>());
        if (Immutability.OfValue(field) is { } fixedValue)
            AddRules(node, [fixedValue]);
        return node;
    }

    private void AddValue(JsonObject node, Type type, Field field, string path, Strictness strictness)
    {
        if (WellKnown.Scalar(type) is { } scalar)
        {
            foreach (var (key, value) in scalar)
                node[key] = value?.DeepClone();
            Constraints.Add(node, field, path, strictness, _problems);
        }
        else if (type.IsEnum)
        {
            AddEnum(node, type, path);
        }
        else if (Field.ItemType(type) is { } item)
        {
            AddList(node, item, field, path, strictness);
        }
        else if (Field.MapValueType(type) is { } value)
        {
            node["type"] = "object";
            AddCount(node, "maxProperties", field, path);
            var values = new JsonObject();
            AddValue(values, value, field, $"{path}{{}}", strictness);
            node["additionalProperties"] = values;
        }
        else if (type == typeof(k8s.Models.V1Condition))
        {
            WellKnown.AddCondition(node);
        }
        else if (type is { IsClass: true } && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true)
        {
            AddObject(node, type, path, strictness);
        }
        else
        {
            _problems.Add(
                $"{path}: {type.Name} has no schema; use string, bool, int, long, enum, Duration, DateTimeOffset, a list, a map or a record"
            );
        }
    }

    private void AddList(JsonObject node, Type item, Field field, string path, Strictness strictness)
    {
        node["type"] = "array";
        AddCount(node, "maxItems", field, path);
        AddListType(node, field, path);
        if (field.ListKeys is { Count: > 0 } keys)
            node["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]);
        var items = new JsonObject();
        AddValue(items, item, field, $"{path}[]", strictness);
        node["items"] = items;
    }

    private void AddListType(JsonObject node, Field field, string path)
    {
        string[] types =
        [
            .. field.ListKeys.Count > 0 ? ["map"] : Array.Empty<string>(),
            .. field.IsSet ? ["set"] : Array.Empty<string>(),
            .. field.IsAtomic ? ["atomic"] : Array.Empty<string>(),
        ];
        if (types is [var type])
            node["x-kubernetes-list-type"] = type;
        else
            _problems.Add(
                $"{path}: needs exactly one of [ListMap], [ListSet] and [ListAtomic]; how two writers meet is a decision"
            );
    }

    private void AddCount(JsonObject node, string key, Field field, string path)
    {
        if (field.MaxItems is { } maximum)
            node[key] = maximum;
        else
            _problems.Add($"{path}: has no [MaxItems]; an unbounded list makes objects that no server keeps");
    }

    private void AddEnum(JsonObject node, Type type, string path)
    {
        var names = Enum.GetNames(type);
        var lines = names.Select(name => $"{name}: {Described(docs.Summary(type, name), $"{path} ({name})")}");
        if (node["description"] is { } description)
            node["description"] = $"{description}\n{string.Join('\n', lines)}";
        node["type"] = "string";
        node["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
    }

    private static void AddRules(JsonObject node, IEnumerable<RuleAttribute> rules)
    {
        foreach (var rule in rules)
        {
            if (node["x-kubernetes-validations"] is not JsonArray list)
                node["x-kubernetes-validations"] = list = [];
            list.Add(new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message });
        }
    }

    private string Described(string? summary, string path)
    {
        if (summary is null)
            _problems.Add($"{path}: has no description; write its <summary>");
        return summary ?? "";
    }
}

/// <summary>How much a schema must bound: what users write is bounded in full, what SAM writes only where lists grow.</summary>
public enum Strictness
{
    /// <summary>Every text and number needs bounds.</summary>
    Spec,

    /// <summary>Lists need bounds.</summary>
    Status,
}
