using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Authorization;

/// <summary>One rule of a role.</summary>
internal sealed record PolicyRule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Urls
)
{
    private const string Any = "*";

    public static readonly PolicyRule[] FullAuthority = [new([Any], [Any], [Any], [], []), new([Any], [], [], [], [Any])];

    public static PolicyRule Read(JsonNode? node) =>
        new(
            [.. node.Child("verbs").Strings()],
            [.. node.Child("apiGroups").Strings()],
            [.. node.Child("resources").Strings()],
            [.. node.Child("resourceNames").Strings()],
            [.. node.Child("nonResourceURLs").Strings()]
        );

    public static IReadOnlyList<PolicyRule> ReadAll(JsonObject role) => [.. (role.Array("rules") ?? []).Select(Read)];

    public bool Allows(AccessRequest asked) =>
        Holds(Verbs, asked.Verb)
        && (
            asked.IsResource
                ? Holds(Groups, asked.Group)
                    && HoldsResource(asked.Resource, asked.Subresource)
                    && (Names.Count == 0 || Names.Contains(asked.Name))
                : Urls.Any(url => Covers(url, asked.Path))
        );

    /// <summary>Whether everything a single permission allows is allowed by this rule, too.</summary>
    public bool Covers(PolicyRule single) =>
        Holds(Verbs, single.Verbs[0])
        && (
            single.Urls.Count > 0
                ? Urls.Any(url => Covers(url, single.Urls[0]))
                : Holds(Groups, single.Groups[0])
                    && HoldsResource(single.Resources[0])
                    && (Names.Count == 0 || (single.Names.Count > 0 && Names.Contains(single.Names[0])))
        );

    /// <summary>Permissions of one verb on one resource or path each.</summary>
    public IEnumerable<PolicyRule> Single()
    {
        foreach (var group in Groups)
        foreach (var resource in Resources)
        foreach (var verb in Verbs)
        foreach (var name in Names.Count == 0 ? [""] : Names)
            yield return new PolicyRule([verb], [group], [resource], name.Length == 0 ? [] : [name], []);
        foreach (var url in Urls)
        foreach (var verb in Verbs)
            yield return new PolicyRule([verb], [], [], [], [url]);
    }

    /// <summary>Go's print of the rule, as refusals show it.</summary>
    public override string ToString()
    {
        var parts = new[]
        {
            ("APIGroups", Groups),
            ("Resources", Resources),
            ("NonResourceURLs", Urls),
            ("ResourceNames", Names),
            ("Verbs", Verbs),
        };
        return "{"
            + string.Join(", ", parts.Where(part => part.Item2.Count > 0).Select(part => $"{part.Item1}:{Quoted(part.Item2)}"))
            + "}";
    }

    public static string Quoted(IEnumerable<string> values) =>
        "[" + string.Join(' ', values.Select(value => $"\"{value}\"")) + "]";

    public JsonObject ToJson()
    {
        var node = new JsonObject { ["verbs"] = Strings(Verbs) };
        if (Urls.Count > 0)
        {
            node["nonResourceURLs"] = Strings(Urls);
            return node;
        }
        node["apiGroups"] = Strings(Groups);
        node["resources"] = Strings(Resources);
        if (Names.Count > 0)
            node["resourceNames"] = Strings(Names);
        return node;
    }

    private bool HoldsResource(string resource, string subresource) =>
        Resources.Contains(Any)
        || Resources.Contains(subresource.Length == 0 ? resource : $"{resource}/{subresource}")
        || (subresource.Length > 0 && Resources.Contains($"*/{subresource}"));

    private bool HoldsResource(string full) =>
        full.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at
            ? HoldsResource(full[..at], full[(at + 1)..])
            : HoldsResource(full, "");

    private static bool Holds(IReadOnlyList<string> values, string wanted) => values.Contains(Any) || values.Contains(wanted);

    private static bool Covers(string url, string path) =>
        url == Any || url == path || (url.EndsWith('*') && path.StartsWith(url.TrimEnd('*'), StringComparison.Ordinal));

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
