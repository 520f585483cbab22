using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Apply;

/// <summary>Which fields an object sets, and which differ between two objects, by the merge rules of the schema.</summary>
internal static class FieldPaths
{
    public static FieldTree Of(JsonObject node, Schema schema)
    {
        var tree = new FieldTree();
        AddFields(tree, node, schema, isApplied: false);
        return tree;
    }

    /// <summary>The same for an applied document: a map or list with content is owned through its content only.</summary>
    public static FieldTree OfApplied(JsonObject node, Schema schema)
    {
        var tree = new FieldTree();
        AddFields(tree, node, schema, isApplied: true);
        return tree;
    }

    /// <summary>Fields that are new or different in <paramref name="after"/>.</summary>
    public static FieldTree Changed(JsonObject before, JsonObject after, Schema schema)
    {
        var tree = new FieldTree();
        Compare(tree, before, after, schema);
        return tree;
    }

    public static string Step(JsonNode? item, Schema list) =>
        list.ListType == "set" ? "v:" + item.ToText() : "k:" + ListValidation.KeyOf(item, list).ToText();

    public static bool IsGranularMap(Schema schema) => schema.MapType != "atomic" && !schema.IntOrString;

    public static bool IsGranularList(Schema schema) => schema.ListType is "set" or "map";

    private static void Add(FieldTree tree, JsonNode? node, Schema schema, bool isApplied = false)
    {
        switch (node)
        {
            case JsonObject o when IsGranularMap(schema):
                // Where the schema says nothing, the map itself counts as well; a Go struct is always there, so nobody adds it.
                tree.IsMember = isApplied ? o.Count == 0 || ReferenceEquals(schema, Schema.Anything) : !schema.IsStruct;
                AddFields(tree, o, schema, isApplied);
                break;
            case JsonArray list when IsGranularList(schema):
                tree.IsMember = !isApplied;
                foreach (var item in list)
                {
                    var step = tree.Child(Step(item, schema));
                    Add(step, item, schema.Items ?? Schema.Anything, isApplied);
                    step.IsMember = true;
                }
                break;
            default:
                tree.IsMember = true;
                break;
        }
    }

    private static void AddFields(FieldTree tree, JsonObject node, Schema schema, bool isApplied)
    {
        foreach (var (name, value) in node)
            Add(tree.Child("f:" + name), value, schema.Of(name) ?? Schema.Anything, isApplied);
    }

    private static void Compare(FieldTree tree, JsonNode? before, JsonNode? after, Schema schema)
    {
        switch (before, after)
        {
            case (JsonObject a, JsonObject b) when IsGranularMap(schema):
                foreach (var (name, value) in b)
                {
                    var inner = schema.Of(name) ?? Schema.Anything;
                    if (a.TryGetPropertyValue(name, out var old))
                        Compare(tree.Child("f:" + name), old, value, inner);
                    else
                        Add(tree.Child("f:" + name), value, inner);
                }
                break;
            case (null, JsonArray list) when IsGranularList(schema):
                foreach (var item in list) // a null list is an empty one
                    Add(tree.Child(Step(item, schema)), item, schema.Items ?? Schema.Anything);
                break;
            case (JsonArray a, JsonArray b) when IsGranularList(schema):
                var known = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
                foreach (var item in a)
                    known.TryAdd(Step(item, schema), item);
                foreach (var item in b)
                {
                    var step = Step(item, schema);
                    if (known.TryGetValue(step, out var old))
                        Compare(tree.Child(step), old, item, schema.Items ?? Schema.Anything);
                    else
                        Add(tree.Child(step), item, schema.Items ?? Schema.Anything);
                }
                break;
            default:
                if (!JsonAccess.Same(before, after))
                    Add(tree, after, schema);
                break;
        }
    }
}
