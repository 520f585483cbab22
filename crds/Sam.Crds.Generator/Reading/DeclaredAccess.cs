using System.Reflection;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.Generator.Reading;

/// <summary>What classes say that they ask of the Kubernetes API, summed up.</summary>
public static class DeclaredAccess
{
    /// <summary>Every declaration in these assemblies.</summary>
    public static IReadOnlyList<RbacAttribute> In(params IEnumerable<Assembly> assemblies) =>
        [.. assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetCustomAttributes<RbacAttribute>())];

    /// <summary>One rule a resource, with all verbs that somebody declared for it; in a stable order.</summary>
    public static IReadOnlyList<AccessRule> Rules(IEnumerable<RbacAttribute> declared) =>
        [
            .. declared
                .GroupBy(access => (access.Group, Resource: Resource(access), access.Name))
                .OrderBy(group => group.Key.Group, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Resource, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
                .Select(group => new AccessRule(
                    group.Key.Group,
                    group.Key.Resource,
                    group.Key.Name,
                    [.. group.SelectMany(access => access.Verbs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
                )),
        ];

    private static string Resource(RbacAttribute access) =>
        access.Subresource is { } part ? $"{access.Plural}/{part}" : access.Plural;
}

/// <summary>One rule of a role.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Plural name, with a subresource behind a slash.</param>
/// <param name="Name">The only object that it allows; null for all.</param>
/// <param name="Verbs">What it allows, sorted.</param>
public sealed record AccessRule(string Group, string Resource, string? Name, IReadOnlyList<string> Verbs);
