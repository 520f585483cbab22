using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>The documents of what is no resource: the version and the lists of groups and resources.</summary>
internal static class InfoPaths
{
    /// <summary>Where the document of a group without its versions lies.</summary>
    public static string OfGroup(ResourceType type) => type.Group.Length == 0 ? "api" : $"apis/{type.Group}";

    public static bool Exists(string path, ResourceCatalog catalog) =>
        path is "api" or "apis" or "version"
        || catalog.All.Concat(UnstoredTypes.All).Any(type => !type.IsCustom && OfGroup(type) == path);

    /// <summary>Adds the one path of such a document; a group version lists its resources there.</summary>
    public static void Add(JsonObject paths, string path)
    {
        var (what, id) = path.Split('/') switch
        {
            ["version"] => ("the version information for this server", "getCodeVersion"),
            ["api"] => ("available API versions", "getCoreAPIVersions"),
            ["apis"] => ("available API versions", "getAPIVersions"),
            ["apis", var group] => ("information of a group", $"get{Word(group)}APIGroup"),
            [.., var version] => ("available resources", $"get{Word(path.Split('/')[^2])}{Word(version)}APIResources"),
            _ => ("", ""),
        };
        paths[$"/{path}/"] = new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["description"] = "get " + what,
                ["operationId"] = id,
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject { ["description"] = "OK" },
                    ["401"] = new JsonObject { ["description"] = "Unauthorized" },
                },
            },
        };
    }

    private static string Word(string name) =>
        name is "api"
            ? "Core"
            : string.Concat(
                name.Replace(".k8s.io", "", StringComparison.Ordinal)
                    .Split('.', '-')
                    .Select(part => char.ToUpperInvariant(part[0]) + part[1..])
            );
}
