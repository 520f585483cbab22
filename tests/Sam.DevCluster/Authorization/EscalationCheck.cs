using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Authorization;

/// <summary>Nobody grants what they do not hold, unless they may escalate or bind.</summary>
internal sealed class EscalationCheck(RbacAuthorizer authorizer, RoleGrants grants)
{
    public void Check(UserInfo user, ResourceType type, string @namespace, JsonObject node, JsonObject? old)
    {
        if (type.Group != RoleGrants.Group || user.IsMaster)
            return;
        if (type.Kind.EndsWith("Binding", StringComparison.Ordinal))
            CheckBinding(user, type, @namespace, node, old);
        else
            CheckRole(user, type, @namespace, node, old);
    }

    private void CheckRole(UserInfo user, ResourceType type, string @namespace, JsonObject node, JsonObject? old)
    {
        var isSame =
            old is not null
            && JsonAccess.Same(old.Child("rules"), node.Child("rules"))
            && JsonAccess.Same(old.Child("aggregationRule"), node.Child("aggregationRule"));
        if (isSame || May(user, "escalate", type.Plural, @namespace, node.Name()))
            return;
        Require(user, type, @namespace, node.Name(), PolicyRule.ReadAll(node));
        // Whoever aggregates takes whatever may appear later.
        if (node.Object("aggregationRule") is not null)
            Require(user, type, @namespace, node.Name(), PolicyRule.FullAuthority);
    }

    private void CheckBinding(UserInfo user, ResourceType type, string @namespace, JsonObject node, JsonObject? old)
    {
        if (old is not null && JsonAccess.Same(old.Child("subjects"), node.Child("subjects")))
            return;
        var kind = node.At("roleRef", "kind").Text() ?? "";
        var role = node.At("roleRef", "name").Text() ?? "";
        var plural = kind == "Role" ? "roles" : "clusterroles";
        if (May(user, "bind", plural, @namespace, role))
            return;
        var rules =
            grants.RulesOf(kind, role, @namespace)
            ?? throw new StatusException(
                404,
                "NotFound",
                $"{plural}.{RoleGrants.Group} \"{role}\" not found",
                new JsonObject
                {
                    ["name"] = role,
                    ["group"] = RoleGrants.Group,
                    ["kind"] = plural,
                }
            );
        Require(user, type, @namespace, node.Name(), rules);
    }

    private bool May(UserInfo user, string verb, string resource, string @namespace, string name) =>
        authorizer
            .Decide(
                user,
                new AccessRequest(verb)
                {
                    Group = RoleGrants.Group,
                    Resource = resource,
                    Namespace = @namespace,
                    Name = name,
                }
            )
            .IsAllowed;

    private void Require(UserInfo user, ResourceType type, string @namespace, string name, IReadOnlyList<PolicyRule> wanted)
    {
        var (held, problems) = authorizer.RulesFor(user, @namespace);
        var missing = wanted
            .SelectMany(rule => rule.Single())
            .Where(single => !held.Any(rule => rule.Covers(single)))
            .GroupBy(Subject, StringComparer.Ordinal)
            .Select(same => (same.First() with { Verbs = [.. same.Select(single => single.Verbs[0]).Distinct()] }).ToString())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (missing.Count == 0)
            return;
        var unresolved = problems.Count == 0 ? "" : $"; resolution errors: [{string.Join(", ", problems)}]";
        throw Failures.Forbidden(
            type,
            name,
            $"user \"{user.Name}\" (groups={PolicyRule.Quoted(user.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', missing)}{unresolved}"
        );
    }

    // Verbs on one resource are shown together, those on a path are not.
    private static string Subject(PolicyRule single) =>
        single.Urls.Count > 0
            ? $"{single.Urls[0]} {single.Verbs[0]}"
            : $"{single.Groups[0]} {single.Resources[0]} {string.Join(' ', single.Names)}";
}
