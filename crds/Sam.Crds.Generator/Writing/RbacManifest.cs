using System.Text.Json.Nodes;
using Sam.Crds.Generator.Reading;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.Generator.Writing;

/// <summary>The operator's account and roles, with no right that no class declares.</summary>
public static class RbacManifest
{
    private const string Api = "rbac.authorization.k8s.io";
    private const string Account = "sam-operator";
    private const string Home = "sam-system";

    /// <summary>The manifests, one document each.</summary>
    public static IReadOnlyList<JsonObject> Build(IReadOnlyList<RbacAttribute> declared)
    {
        var everywhere = DeclaredAccess.Rules(declared.Where(access => !access.InOwnNamespace));
        var home = DeclaredAccess.Rules(declared.Where(access => access.InOwnNamespace));
        return
        [
            Object("v1", "ServiceAccount", Home),
            Role("ClusterRole", null, everywhere),
            Binding("ClusterRoleBinding", "ClusterRole", null),
            Role("Role", Home, home),
            Binding("RoleBinding", "Role", Home),
        ];
    }

    private static JsonObject Role(string kind, string? home, IReadOnlyList<AccessRule> rules)
    {
        var role = Object($"{Api}/v1", kind, home);
        role["rules"] = new JsonArray([.. rules.Select(Rule)]);
        return role;
    }

    private static JsonObject Rule(AccessRule rule)
    {
        var node = new JsonObject { ["apiGroups"] = new JsonArray(rule.Group), ["resources"] = new JsonArray(rule.Resource) };
        if (rule.Name is { } name)
            node["resourceNames"] = new JsonArray(name);
        node["verbs"] = new JsonArray([.. rule.Verbs.Select(verb => (JsonNode)verb)]);
        return node;
    }

    private static JsonObject Binding(string kind, string role, string? home)
    {
        var binding = Object($"{Api}/v1", kind, home);
        binding["roleRef"] = new JsonObject
        {
            ["apiGroup"] = Api,
            ["kind"] = role,
            ["name"] = Account,
        };
        binding["subjects"] = new JsonArray(
            new JsonObject
            {
                ["kind"] = "ServiceAccount",
                ["name"] = Account,
                ["namespace"] = Home,
            }
        );
        return binding;
    }

    private static JsonObject Object(string apiVersion, string kind, string? home)
    {
        var metadata = new JsonObject { ["name"] = Account };
        if (home is not null)
            metadata["namespace"] = home;
        return new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = metadata,
        };
    }
}
