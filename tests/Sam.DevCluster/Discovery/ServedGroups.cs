using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>Groups, versions and verbs of what is served at this moment.</summary>
internal sealed class ServedGroups(ResourceCatalog catalog)
{
    // The order in which the real server prefers its own groups; those of definitions come after, by name.
    private static readonly string[] Order =
    [
        "",
        "apiregistration.k8s.io",
        "apps",
        "events.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "storage.k8s.io",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "scheduling.k8s.io",
        "coordination.k8s.io",
        "node.k8s.io",
        "discovery.k8s.io",
        "resource.k8s.io",
        "flowcontrol.apiserver.k8s.io",
    ];

    /// <summary>Definitions list their verbs in an order of their own.</summary>
    public static IEnumerable<string> VerbsOf(ResourceType type) =>
        type.Verbs is { } verbs ? verbs
        : type.IsCustom ? ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
        : new[] { "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch" }.Where(verb =>
            verb != "deletecollection" || type.Strategy.HasCollectionDelete
        );

    public IEnumerable<string> Names() =>
        catalog
            .All.Concat(UnstoredTypes.All)
            .Select(type => type.Group)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(Rank)
            .ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>Whether a group is the server's own, which come before all others.</summary>
    public static bool IsOwn(string group) => Order.Contains(group);

    public IEnumerable<string> VersionsOf(string group) =>
        catalog
            .All.Concat(UnstoredTypes.All)
            .Where(type => type.Group == group)
            .Select(type => type.Version)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(version => version, VersionOrder.Instance);

    public IEnumerable<ResourceType> TypesOf(string group, string version) =>
        catalog
            .All.Concat(UnstoredTypes.All)
            .Where(type => type.Group == group && type.Version == version)
            .OrderBy(type => type.Plural, StringComparer.Ordinal);

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);

    private static int Rank(string group) => Array.IndexOf(Order, group) is var rank && rank >= 0 ? rank : Order.Length;
}
