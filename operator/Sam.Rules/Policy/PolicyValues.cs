using System.Globalization;

namespace Sam.Rules.Policy;

/// <summary>Reads values out of the tree by what they should be; what they are not becomes a problem with its path.</summary>
internal sealed class PolicyValues
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Problem(string path, string what) => _problems.Add($"{path} {what}");

    /// <summary>The members of an object; a name that is not among the known ones is a mistake.</summary>
    public IReadOnlyDictionary<string, PolicyNode> Members(PolicyNode node, string path, params string[] known)
    {
        var members = new Dictionary<string, PolicyNode>(StringComparer.Ordinal);
        if (node is not PolicyNode.Map map)
        {
            Problem(path.Length == 0 ? "the file" : path, "is no object");
            return members;
        }

        foreach (var (name, value) in map.Members)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                Problem(path.Length == 0 ? name : $"{path}.{name}", $"is not known; known are {string.Join(", ", known)}");
            members[name] = value;
        }

        return members;
    }

    /// <summary>An object of texts.</summary>
    public IEnumerable<(string Name, string Value)> Pairs(PolicyNode node, string path)
    {
        if (node is not PolicyNode.Map map)
        {
            Problem(path, "is no object");
            yield break;
        }

        foreach (var (name, value) in map.Members)
        {
            if (value is PolicyNode.Scalar scalar)
                yield return (name, scalar.Text);
            else
                Problem($"{path}.{name}", "is no text");
        }
    }

    public IReadOnlyList<PolicyNode> Items(PolicyNode node, string path)
    {
        if (node is PolicyNode.Items list)
            return list.Values;
        Problem(path, "is no list");
        return [];
    }

    /// <summary>A list of texts; null if it is left out. An empty list is one: it allows nothing.</summary>
    public IReadOnlyList<string>? Texts(IReadOnlyDictionary<string, PolicyNode> map, string name, string path)
    {
        if (!map.TryGetValue(name, out var node))
            return null;
        var texts = new List<string>();
        foreach (var (item, index) in Items(node, path).Select((item, index) => (item, index)))
        {
            if (item is PolicyNode.Scalar { Text.Length: > 0 } scalar)
                texts.Add(scalar.Text);
            else
                Problem($"{path}[{index}]", "is no text");
        }

        return texts;
    }

    public string? Text(IReadOnlyDictionary<string, PolicyNode> map, string name, string path)
    {
        if (map.GetValueOrDefault(name) is PolicyNode.Scalar { Text.Length: > 0 } scalar)
            return scalar.Text;
        Problem(path, map.ContainsKey(name) ? "is no text" : "is missing");
        return null;
    }

    public string Word(
        IReadOnlyDictionary<string, PolicyNode> map,
        string name,
        string path,
        string @default,
        params string[] words
    )
    {
        if (!map.TryGetValue(name, out var node))
            return @default;
        if (node is PolicyNode.Scalar scalar && words.Contains(scalar.Text, StringComparer.Ordinal))
            return scalar.Text;
        Problem(path, $"is none of {string.Join(", ", words)}");
        return @default;
    }

    public int? Count(IReadOnlyDictionary<string, PolicyNode> map, string name, string path) =>
        (int?)Whole(map, name, path, int.MaxValue);

    public long? Long(IReadOnlyDictionary<string, PolicyNode> map, string name, string path) =>
        Whole(map, name, path, long.MaxValue);

    public decimal? Amount(IReadOnlyDictionary<string, PolicyNode> map, string name, string path)
    {
        if (!map.TryGetValue(name, out var node))
            return null;
        if (
            node is PolicyNode.Scalar scalar
            && decimal.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        )
            return amount;
        Problem($"{path}.{name}", "is no amount such as 20 or 0.50");
        return null;
    }

    private long? Whole(IReadOnlyDictionary<string, PolicyNode> map, string name, string path, long most)
    {
        if (!map.TryGetValue(name, out var node))
            return null;
        if (
            node is PolicyNode.Scalar scalar
            && long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= most
        )
            return number;
        Problem($"{path}.{name}", "is no whole number of 0 or more");
        return null;
    }
}
