using Sam.DevCluster.Security;

namespace Sam.DevCluster.Authorization;

/// <summary>Whether something is allowed, and why or why not.</summary>
internal sealed record Decision(bool IsAllowed, string Reason);

/// <summary>Decides by roles and bindings; <c>system:masters</c> may do everything.</summary>
internal sealed class RbacAuthorizer(RoleGrants grants)
{
    private static readonly Decision Master = new(true, "");

    public Decision Decide(UserInfo user, AccessRequest asked)
    {
        if (user.IsMaster)
            return Master;
        var problems = new List<string>();
        foreach (var grant in grants.For(user, asked.Namespace))
        {
            if (grant.Rules is null)
                problems.Add(grant.Problem);
            else if (grant.Rules.Any(rule => rule.Allows(asked)))
                return new Decision(true, grant.Reason);
        }
        return new Decision(
            false,
            problems.Count switch
            {
                0 => "",
                1 => "RBAC: " + problems[0],
                _ => $"RBAC: [{string.Join(", ", problems)}]",
            }
        );
    }

    /// <summary>Every rule that applies to a user, and what could not be resolved.</summary>
    public (IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Problems) RulesFor(UserInfo user, string @namespace)
    {
        var found = grants.For(user, @namespace).ToList();
        return (
            [.. found.SelectMany(grant => grant.Rules ?? [])],
            [.. found.Where(grant => grant.Rules is null).Select(grant => grant.Problem)]
        );
    }
}
