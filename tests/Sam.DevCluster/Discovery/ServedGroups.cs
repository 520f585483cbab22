using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>Groups, versions and verbs of what is served at this moment.</summary>
internal sealed class ServedGroups(ResourceCatalog catalog)
{
    /// <summary>What answers reviews only and holds no objects.</summary>
    public static readonly (string Group, string Plural, string Kind, bool Namespaced)[] Reviews =
    [
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
        ("authentication.k8s.io", "tokenreviews", "TokenReview", false),
    ];

    /// <summary>Definitions list their verbs in an order of their own.</summary>
    public static IEnumerable<string> VerbsOf(ResourceType type) =>
        type.IsCustom
            ? ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
            : new[] { "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch" }.Where(verb =>
                verb != "deletecollection" || type.Strategy.HasCollectionDelete
            );

    public IEnumerable<string> Names() =>
        catalog.All.Select(type => type.Group).Concat(Reviews.Select(review => review.Group)).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> VersionsOf(string group)
    {
        var versions = catalog
            .All.Where(type => type.Group == group)
            .Select(type => type.Version)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(version => version, VersionOrder.Instance)
            .ToList();
        return versions.Count == 0 ? ["v1"] : versions;
    }

    public IEnumerable<ResourceType> TypesOf(string group, string version) =>
        catalog.All.Where(type => type.Group == group && type.Version == version);

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
