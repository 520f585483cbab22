using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Authorization;

/// <summary>Creates the roles and bindings that every cluster starts with, from the embedded table.</summary>
internal static class DefaultRoles
{
    private const string AggregateTo = RoleGrants.Group + "/aggregate-to-";

    private static readonly Lazy<JsonObject> Table = new(() =>
    {
        using var stream = typeof(DefaultRoles).Assembly.GetManifestResourceStream("default-roles.yaml")!;
        using var reader = new StreamReader(stream);
        return (JsonObject)YamlReading.Parse(reader.ReadToEnd())!;
    });

    /// <summary>Those that are there already stay as they are.</summary>
    public static void Create(ObjectWriter writer)
    {
        Add(writer, "clusterRoles", "ClusterRole", Role);
        Add(writer, "clusterRoleBindings", "ClusterRoleBinding", entry => Binding(entry, "ClusterRole"));
        Add(writer, "roles", "Role", Role);
        Add(writer, "roleBindings", "RoleBinding", entry => Binding(entry, "Role"));
    }

    private static void Add(ObjectWriter writer, string list, string kind, Func<JsonObject, JsonObject> read)
    {
        var type = writer.Catalog.FindKind(RoleGrants.Group + "/v1", kind)!;
        foreach (var entry in Table.Value.Array(list)!.OfType<JsonObject>())
        {
            var (@namespace, name) = (entry.Text("namespace") ?? "", entry.Text("name")!);
            if (writer.Store.Get(type.Shelf, @namespace, name) is not null)
                continue;
            var node = read(entry);
            node["apiVersion"] = type.ApiVersion;
            node["kind"] = kind;
            var metadata = node.Metadata();
            metadata["name"] = name;
            metadata.Ensure("annotations")["rbac.authorization.kubernetes.io/autoupdate"] = "true";
            metadata.Ensure("labels")["kubernetes.io/bootstrapping"] = "rbac-defaults";
            writer.Create(type, @namespace, node, WriteOptions.Internal);
        }
    }

    private static JsonObject Role(JsonObject entry)
    {
        var node = new JsonObject
        {
            ["rules"] = new JsonArray([.. (entry.Array("rules") ?? []).OfType<JsonObject>().Select(Rule)]),
        };
        if (entry.Text("to") is { } target)
            node.Metadata().Ensure("labels")[AggregateTo + target] = "true";
        if (entry.Text("from") is { } source)
            node["aggregationRule"] = new JsonObject
            {
                ["clusterRoleSelectors"] = new JsonArray(
                    new JsonObject { ["matchLabels"] = new JsonObject { [AggregateTo + source] = "true" } }
                ),
            };
        return node;
    }

    private static JsonNode Rule(JsonObject entry)
    {
        var rule = new JsonObject
        {
            ["verbs"] = Strings(
                Words(entry, "verbs")
                    .SelectMany(verb =>
                        verb switch
                        {
                            "read" => ["get", "list", "watch"],
                            "write" => ["create", "delete", "deletecollection", "patch", "update"],
                            _ => (string[])[verb],
                        }
                    )
                    .Order(StringComparer.Ordinal)
            ),
        };
        void Set(string field, string name)
        {
            if (Words(entry, name) is { Length: > 0 } words)
                rule[field] = Strings(words.Select(word => word == "core" ? "" : word));
        }
        Set("apiGroups", "groups");
        Set("resources", "resources");
        Set("resourceNames", "names");
        Set("nonResourceURLs", "urls");
        return rule;
    }

    private static JsonObject Binding(JsonObject entry, string kind)
    {
        static JsonNode Subject(string kind, string name) =>
            new JsonObject
            {
                ["kind"] = kind,
                ["apiGroup"] = RoleGrants.Group,
                ["name"] = name,
            };
        static JsonNode Account(string path) =>
            new JsonObject
            {
                ["kind"] = "ServiceAccount",
                ["name"] = path.Split('/')[1],
                ["namespace"] = path.Split('/')[0],
            };
        return new JsonObject
        {
            ["subjects"] = new JsonArray([
                .. Words(entry, "groups").Select(name => Subject("Group", name)),
                .. Words(entry, "users").Select(name => Subject("User", name)),
                .. Words(entry, "accounts").Select(Account),
            ]),
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = RoleGrants.Group,
                ["kind"] = kind,
                ["name"] = entry.Text("role"),
            },
        };
    }

    private static string[] Words(JsonObject entry, string name) =>
        (entry.Text(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
