using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Authorization;

/// <summary>Which rules apply to a user, through which binding.</summary>
internal sealed class RoleGrants(ObjectStore store)
{
    public const string Group = "rbac.authorization.k8s.io";

    public const string RoleShelf = "roles." + Group;

    public const string ClusterRoleShelf = "clusterroles." + Group;

    public const string BindingShelf = "rolebindings." + Group;

    public const string ClusterBindingShelf = "clusterrolebindings." + Group;

    // Stored objects never change: each is read once.
    private readonly ConditionalWeakTable<StoredObject, IReadOnlyList<PolicyRule>> _rules = [];
    private readonly ConditionalWeakTable<StoredObject, Binding> _bindings = [];

    /// <summary>Every grant to a user in a namespace, or of the whole cluster when it is empty.</summary>
    public IEnumerable<Grant> For(UserInfo user, string @namespace)
    {
        var bindings = store.List(ClusterBindingShelf).Objects.OrderBy(stored => stored.Name, StringComparer.Ordinal);
        IEnumerable<StoredObject> local =
            @namespace.Length == 0
                ? []
                : store
                    .List(BindingShelf)
                    .Objects.Where(stored => stored.Namespace == @namespace)
                    .OrderBy(stored => stored.Name, StringComparer.Ordinal);
        foreach (var stored in bindings.Concat(local))
        {
            var binding = _bindings.GetValue(stored, Binding.Read);
            if (binding.SubjectOf(user, stored.Namespace) is { } subject)
                yield return new Grant(
                    RulesOf(binding.RoleKind, binding.RoleName, stored.Namespace),
                    Describe(stored, binding, subject),
                    $"{binding.RoleKind.ToLowerInvariant()}.{Group} \"{binding.RoleName}\" not found"
                );
        }
    }

    /// <summary>The rules of a role; null when there is none of that name.</summary>
    public IReadOnlyList<PolicyRule>? RulesOf(string kind, string name, string @namespace)
    {
        var role = kind == "Role" ? store.Get(RoleShelf, @namespace, name) : store.Get(ClusterRoleShelf, "", name);
        return role is null ? null : _rules.GetValue(role, stored => PolicyRule.ReadAll(stored.Read()));
    }

    private static string Describe(StoredObject stored, Binding binding, string subject)
    {
        var bound =
            stored.Namespace.Length == 0
                ? $"ClusterRoleBinding \"{stored.Name}\""
                : $"RoleBinding \"{stored.Name}/{stored.Namespace}\"";
        return $"RBAC: allowed by {bound} of {binding.RoleKind} \"{binding.RoleName}\" to {subject}";
    }

    private sealed record Binding(string RoleKind, string RoleName, IReadOnlyList<JsonObject> Subjects)
    {
        public static Binding Read(StoredObject stored)
        {
            var node = stored.Read();
            return new Binding(
                node.At("roleRef", "kind").Text() ?? "",
                node.At("roleRef", "name").Text() ?? "",
                [.. (node.Array("subjects") ?? []).OfType<JsonObject>()]
            );
        }

        /// <summary>The subject that means the user; null when none does.</summary>
        public string? SubjectOf(UserInfo user, string @namespace)
        {
            foreach (var subject in Subjects)
            {
                var name = subject.Text("name") ?? "";
                switch (subject.Text("kind"))
                {
                    case "User" when name == user.Name:
                        return $"User \"{name}\"";
                    case "Group" when user.Groups.Contains(name):
                        return $"Group \"{name}\"";
                    case "ServiceAccount":
                        var home = subject.Text("namespace") is { Length: > 0 } given ? given : @namespace;
                        if (user.Name == ServiceAccountTokens.Subject(home, name))
                            return $"ServiceAccount \"{name}/{home}\"";
                        break;
                }
            }
            return null;
        }
    }
}

/// <summary>The rules of one binding that applies; no rules when its role is missing.</summary>
internal sealed record Grant(IReadOnlyList<PolicyRule>? Rules, string Reason, string Problem);
