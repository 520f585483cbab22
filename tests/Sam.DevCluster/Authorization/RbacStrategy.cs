using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Authorization;

/// <summary>RBAC objects: path-safe names, complete rules and subjects, an immutable role reference.</summary>
internal sealed class RbacStrategy(string kind) : ResourceStrategy
{
    private readonly bool _isBinding = kind.EndsWith("Binding", StringComparison.Ordinal);
    private readonly bool _isCluster = kind.StartsWith("Cluster", StringComparison.Ordinal);

    public override NameRule NameRule => NameRule.Path;

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        if (!_isBinding)
        {
            if (!node.ContainsKey("rules"))
                node["rules"] = null;
            return;
        }
        if (node.Object("roleRef") is { } reference && string.IsNullOrEmpty(reference.Text("apiGroup")))
            reference["apiGroup"] = RoleGrants.Group;
        foreach (var subject in (node.Array("subjects") ?? []).OfType<JsonObject>())
        {
            if (subject.Text("kind") is "User" or "Group" && string.IsNullOrEmpty(subject.Text("apiGroup")))
                subject["apiGroup"] = RoleGrants.Group;
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old) =>
        _isBinding ? CheckBinding(node, old) : CheckRules(node);

    private IEnumerable<FieldError> CheckRules(JsonObject node)
    {
        var rules = node.Array("rules");
        for (var index = 0; index < (rules?.Count ?? 0); index++)
        {
            var (rule, path) = (rules![index], $"rules[{index}]");
            if (Lacks(rule, "verbs"))
                yield return FieldError.Required($"{path}.verbs", "verbs must contain at least one value");
            if (!Lacks(rule, "nonResourceURLs"))
            {
                if (!_isCluster)
                    yield return FieldError.Invalid(
                        $"{path}.nonResourceURLs",
                        rule.Child("nonResourceURLs"),
                        "namespaced rules cannot apply to non-resource URLs"
                    );
                if (!Lacks(rule, "apiGroups") || !Lacks(rule, "resources") || !Lacks(rule, "resourceNames"))
                    yield return FieldError.Invalid(
                        $"{path}.nonResourceURLs",
                        rule.Child("nonResourceURLs"),
                        "rules cannot apply to both regular resources and non-resource URLs"
                    );
                continue;
            }
            if (Lacks(rule, "apiGroups"))
                yield return FieldError.Required($"{path}.apiGroups", "resource rules must supply at least one api group");
            if (Lacks(rule, "resources"))
                yield return FieldError.Required($"{path}.resources", "resource rules must supply at least one resource");
        }
    }

    private IEnumerable<FieldError> CheckBinding(JsonObject node, JsonObject? old)
    {
        var reference = node.Object("roleRef");
        if (reference.Text("apiGroup") is { } group && group != RoleGrants.Group)
            yield return FieldError.Unsupported("roleRef.apiGroup", group, [RoleGrants.Group]);
        string[] kinds = _isCluster ? ["ClusterRole"] : ["Role", "ClusterRole"];
        if (!kinds.Contains(reference.Text("kind")))
            yield return FieldError.Unsupported("roleRef.kind", reference.Text("kind") ?? "", kinds);
        if (string.IsNullOrEmpty(reference.Text("name")))
            yield return FieldError.Required("roleRef.name");
        var subjects = node.Array("subjects");
        for (var index = 0; index < (subjects?.Count ?? 0); index++)
        {
            foreach (var error in CheckSubject(subjects![index], $"subjects[{index}]"))
                yield return error;
        }
        if (old?.Object("roleRef") is { } before && !JsonAccess.Same(before, reference))
            yield return FieldError.InvalidRaw("roleRef", Print(reference), "cannot change roleRef");
    }

    private IEnumerable<FieldError> CheckSubject(JsonNode? subject, string path)
    {
        if (string.IsNullOrEmpty(subject.Text("name")))
            yield return FieldError.Required($"{path}.name");
        switch (subject.Text("kind"))
        {
            case "ServiceAccount":
                if (subject.Text("apiGroup") is { Length: > 0 } odd)
                    yield return FieldError.Unsupported($"{path}.apiGroup", odd, [""]);
                if (_isCluster && string.IsNullOrEmpty(subject.Text("namespace")))
                    yield return FieldError.Required($"{path}.namespace");
                break;
            case "User" or "Group":
                if (subject.Text("apiGroup") is { } group && group != RoleGrants.Group)
                    yield return FieldError.Unsupported($"{path}.apiGroup", group, [RoleGrants.Group]);
                break;
            default:
                yield return FieldError.Unsupported(
                    $"{path}.kind",
                    subject.Text("kind") ?? "",
                    ["ServiceAccount", "User", "Group"]
                );
                break;
        }
    }

    private static bool Lacks(JsonNode? rule, string field) => rule.Array(field) is not { Count: > 0 };

    // Go prints its own field names.
    private static string Print(JsonObject? reference) =>
        new JsonObject
        {
            ["APIGroup"] = reference.Text("apiGroup") ?? "",
            ["Kind"] = reference.Text("kind") ?? "",
            ["Name"] = reference.Text("name") ?? "",
        }.ToText();
}
