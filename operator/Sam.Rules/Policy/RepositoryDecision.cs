namespace Sam.Rules.Policy;

/// <summary>Decides about repositories, Apps and permissions.</summary>
internal static class RepositoryDecision
{
    public static PolicyDecision Of(
        PlatformPolicy policy,
        string @namespace,
        string repository,
        PolicyApp app,
        IReadOnlyDictionary<string, string> permissions
    )
    {
        if (policy.ClosedBecause is { } closed)
            return new PolicyDecision.Forbidden(closed);
        if (policy.RuleFor(@namespace) is not { } rule)
            return Unlisted(policy, @namespace, app, permissions);
        if (Refusal(rule, repository, app) is { } why)
            return new PolicyDecision.Forbidden($"rule {rule.Name} of the platform policy {why}");
        return Within(rule.Permissions ?? PermissionCeiling.Default, permissions, $"rule {rule.Name} of the platform policy");
    }

    private static PolicyDecision Unlisted(
        PlatformPolicy policy,
        string @namespace,
        PolicyApp app,
        IReadOnlyDictionary<string, string> permissions
    )
    {
        if (app.IsPlatform)
            return new PolicyDecision.Forbidden(
                $"no rule of the platform policy gives namespace {@namespace} the platform's App"
            );
        return policy.AllowUnlisted
            ? Within(PermissionCeiling.Default, permissions, "the default of the platform policy")
            : new PolicyDecision.Forbidden($"no rule of the platform policy is for namespace {@namespace}");
    }

    private static string? Refusal(PolicyRule rule, string repository, PolicyApp app)
    {
        // A platform App reaches whatever it is installed on: nothing but the rule says whose repositories those are.
        if (app.IsPlatform && rule.Repositories is null)
            return "names no repositories, which a platform App needs";
        // GitHub's names do not tell case apart.
        if (rule.Repositories?.Any(pattern => Glob.IsMatch(pattern, repository, ignoreCase: true)) == false)
            return $"does not allow repository {repository}, only {string.Join(", ", rule.Repositories)}";
        if (rule.Apps?.Contains(app.Id, StringComparer.Ordinal) == false)
            return $"does not allow App {app.Id}, only {string.Join(", ", rule.Apps)}";
        return null;
    }

    private static PolicyDecision Within(
        PermissionCeiling ceiling,
        IReadOnlyDictionary<string, string> permissions,
        string who
    ) =>
        ceiling.Exceeded(permissions) is { Count: > 0 } exceeded
            ? new PolicyDecision.Forbidden($"{who} does not allow {string.Join(", ", exceeded)}")
            : new PolicyDecision.Allowed(ceiling);
}
