using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Apply;

/// <summary>A set of field paths in the shape of <c>fieldsV1</c>.</summary>
internal sealed class FieldTree
{
    public SortedDictionary<string, FieldTree> Children { get; } = new(StringComparer.Ordinal);

    public bool IsMember { get; set; }

    public bool HasChildren => Children.Values.Any(child => !child.IsEmpty);

    public bool IsEmpty => !IsMember && Children.Values.All(child => child.IsEmpty);

    public FieldTree Child(string step)
    {
        if (!Children.TryGetValue(step, out var child))
            Children[step] = child = new FieldTree();
        return child;
    }

    public FieldTree Union(FieldTree other) => Combine(other, (a, b) => a || b);

    public FieldTree Intersect(FieldTree other) => Combine(other, (a, b) => a && b);

    public FieldTree Except(FieldTree other) => Combine(other, (a, b) => a && !b);

    public bool Same(FieldTree other) => JsonAccess.Same(ToJson(), other.ToJson());

    public IEnumerable<IReadOnlyList<string>> Leaves(IReadOnlyList<string>? prefix = null)
    {
        prefix ??= [];
        // Fields of one level come before what lies deeper.
        foreach (var (step, child) in Children.Where(pair => pair.Value.IsMember))
            yield return [.. prefix, step];
        foreach (var (step, child) in Children)
        {
            foreach (var leaf in child.Leaves([.. prefix, step]))
                yield return leaf;
        }
    }

    /// <summary>Drops a path with all below it.</summary>
    public void Remove(params ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
            Children.Remove(path[0]);
        else if (Children.TryGetValue(path[0], out var child))
            child.Remove(path[1..]);
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject();
        var children = Children.Where(pair => !pair.Value.IsEmpty).ToList();
        if (IsMember && children.Count > 0)
            result["."] = new JsonObject();
        foreach (var (step, child) in children)
            result[step] = child.ToJson();
        return result;
    }

    public static FieldTree FromJson(JsonObject? node, bool isRoot = true)
    {
        var tree = new FieldTree();
        if (node is null)
            return tree;
        tree.IsMember = !isRoot && (node.Count == 0 || node.ContainsKey("."));
        foreach (var (step, child) in node.Where(pair => pair.Key != "."))
            tree.Children[step] = FromJson(child as JsonObject, isRoot: false);
        return tree;
    }

    private FieldTree Combine(FieldTree other, Func<bool, bool, bool> rule)
    {
        var result = new FieldTree { IsMember = rule(IsMember, other.IsMember) };
        foreach (var step in Children.Keys.Union(other.Children.Keys))
        {
            var child = (Children.GetValueOrDefault(step) ?? Nothing).Combine(
                other.Children.GetValueOrDefault(step) ?? Nothing,
                rule
            );
            if (!child.IsEmpty)
                result.Children[step] = child;
        }
        return result;
    }

    private static readonly FieldTree Nothing = new();
}
