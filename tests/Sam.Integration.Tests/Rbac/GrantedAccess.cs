using k8s;
using k8s.Models;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Rbac;

/// <summary>The generated roles, read as a cluster reads them.</summary>
internal sealed class GrantedAccess
{
    private readonly List<Grant> _grants = [];

    private GrantedAccess() { }

    /// <summary>One verb on one resource.</summary>
    public sealed record Grant(string Verb, string Group, string Resource, string? Name, bool InOwnNamespace)
    {
        public override string ToString() =>
            $"{(InOwnNamespace ? "own namespace: " : "")}{Verb} {(Group.Length > 0 ? Group + "/" : "")}{Resource} {Name}".Trim();
    }

    /// <summary>Everything that is granted.</summary>
    public IReadOnlyList<Grant> All => _grants;

    /// <summary>Reads <c>operator/manifests/rbac.yaml</c>.</summary>
    public static GrantedAccess Read(string text)
    {
        var access = new GrantedAccess();
        foreach (var document in KubernetesYaml.LoadAllFromString(text))
        {
            if (document is V1ClusterRole everywhere)
                access.Add(everywhere.Rules, inOwnNamespace: false);
            else if (document is V1Role home)
                access.Add(home.Rules, inOwnNamespace: true);
        }

        return access;
    }

    /// <summary>The grants that allow a request; empty if none does.</summary>
    public IEnumerable<Grant> For(ApiRequest request, string ownNamespace) =>
        _grants.Where(grant =>
            grant.Verb == request.Verb
            && grant.Group == request.Group
            && grant.Resource == request.Resource
            && (grant.Name is null || grant.Name == request.Name)
            && (!grant.InOwnNamespace || request.Namespace == ownNamespace)
        );

    private void Add(IEnumerable<V1PolicyRule> rules, bool inOwnNamespace) =>
        _grants.AddRange(
            from rule in rules
            from @group in rule.ApiGroups
            from resource in rule.Resources
            from verb in rule.Verbs
            from name in rule.ResourceNames?.Cast<string?>() ?? [null]
            select new Grant(verb, @group, resource, name, inOwnNamespace)
        );
}
