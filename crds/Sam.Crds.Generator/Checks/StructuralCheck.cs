using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>The rules of structural schemas (apiextensions.k8s.io/v1) that a server enforces when a CRD is created.</summary>
public sealed class StructuralCheck
{
    private readonly List<string> _problems = [];

    private StructuralCheck() { }

    /// <summary>What a server would refuse in the schema of a whole object, each with its path.</summary>
    public static IReadOnlyList<string> Problems(JsonObject root)
    {
        var check = new StructuralCheck();
        check.Root(root);
        check.Node(root, "");
        return [.. check._problems, .. RuleCheck.PlacementProblems(root), .. RuleCost.Problems(root)];
    }

    /// <summary>What a server would refuse in one node and what is below it.</summary>
    public static IReadOnlyList<string> ProblemsBelow(JsonObject node, string path)
    {
        var check = new StructuralCheck();
        check.Node(node, path);
        return [.. check._problems, .. RuleCheck.PlacementProblems(node), .. RuleCost.Problems(node)];
    }

    private void Root(JsonObject root)
    {
        Require(root.Text("type") == "object", "", "the root is not an object");
        Require(!root.ContainsKey("default"), "", "the root has a default");
        var metadata = root.Child("properties")?.Child("metadata");
        // A server prescribes the schema of metadata; only names may be restricted, which we do not.
        Require(
            metadata is null || metadata is { Count: 1 } && metadata.Text("type") == "object",
            "metadata",
            "has more than its type"
        );
    }

    private void Node(JsonObject node, string path)
    {
        foreach (var (key, _) in node)
            Require(
                SchemaKeys.Known.Contains(key),
                path,
                $"has the key {key}, which a structural schema forbids or we do not use"
            );
        var type = node.Text("type");
        Require(type is not null && SchemaKeys.Types.Contains(type), path, $"has the type '{type}'");
        Applies(node, path, "object", "properties", "additionalProperties", "required", "maxProperties", "x-kubernetes-map-type");
        Applies(node, path, "array", "items", "minItems", "maxItems", "x-kubernetes-list-type", "x-kubernetes-list-map-keys");
        Applies(node, path, "string", "minLength", "maxLength", "pattern");
        Text(node, path);
        Numbers(node, path);
        Enumeration(node, path);
        MapType(node, path);
        ListCheck.Add(node, path, _problems);
        RuleCheck.Shape(node, path, _problems);
        Default(node, path);
        Below(node, path);
    }

    private void Below(JsonObject node, string path)
    {
        var names = node.Properties().Select(property => property.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var name in node.Texts("required"))
            Require(names.Contains(name), path, $"requires {name}, which it does not have");
        Require(
            !(node.ContainsKey("properties") && node.ContainsKey("additionalProperties")),
            path,
            "has both properties and additionalProperties"
        );
        foreach (var property in node.Child("properties") ?? [])
            Require(property.Value is JsonObject, path, $"the property {property.Key} is no schema");
        foreach (var (name, child) in node.Properties())
            Node(child, path.Length == 0 ? name : $"{path}.{name}");
        if (node["additionalProperties"] is { } additional)
        {
            Require(additional is JsonObject, path, "additionalProperties is not a schema");
            if (additional is JsonObject values)
                Node(values, $"{path}{{}}");
        }

        if (node.Child("items") is { } items)
            Node(items, $"{path}[]");
    }

    private void Applies(JsonObject node, string path, string type, params IEnumerable<string> keys)
    {
        if (node.Text("type") == type)
            return;
        foreach (var key in keys.Where(node.ContainsKey))
            _problems.Add($"{path}: {key} is for the type {type}");
    }

    private void Text(JsonObject node, string path)
    {
        Require(
            (node.Number("minLength") ?? 0) <= (node.Number("maxLength") ?? double.MaxValue),
            path,
            "minLength is above maxLength"
        );
        if (node.Text("pattern") is not { } pattern)
            return;
        try
        {
            // This engine refuses what RE2 refuses: look-arounds and back-references.
            _ = new Regex(pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            _problems.Add($"{path}: the pattern is not RE2: {e.Message}");
        }
    }

    private void Numbers(JsonObject node, string path)
    {
        Require(
            (node.Number("minimum") ?? double.MinValue) <= (node.Number("maximum") ?? double.MaxValue),
            path,
            "minimum is above maximum"
        );
        var format = node.Text("format");
        if (node.Text("type") == "integer")
            Require(format is "int32" or "int64", path, $"has the format '{format}' where int32 or int64 belongs");
        else if (node.Text("type") == "string")
            Require(format is null or "date-time", path, $"has the format '{format}'");
    }

    private void Enumeration(JsonObject node, string path)
    {
        if (node["enum"] is not { } values)
            return;
        var texts = node.Texts("enum");
        Require(values is JsonArray { Count: > 0 }, path, "has an empty enum");
        Require(texts.Distinct(StringComparer.Ordinal).Count() == texts.Count, path, "has an enum with a repeated value");
    }

    private void MapType(JsonObject node, string path) =>
        Require(
            node.Text("x-kubernetes-map-type") is null or "atomic" or "granular",
            path,
            $"has the map type '{node.Text("x-kubernetes-map-type")}'"
        );

    private void Default(JsonObject node, string path)
    {
        if (!node.ContainsKey("default"))
            return;
        var problems = node["default"] is { } value ? ValueCheck.Problems(node, value, path) : [$"{path}: the default is null"];
        _problems.AddRange(problems.Select(problem => $"{problem} (in the default)"));
    }

    private void Require(bool holds, string path, string problem)
    {
        if (!holds)
            _problems.Add($"{path}: {problem}");
    }
}
