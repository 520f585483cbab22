using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace Sam.Operator.Registry.Tokens;

/// <summary>What a token is to allow on one repository.</summary>
/// <param name="Repository">Full name at the registry, without the host: <c>team/app</c>.</param>
/// <param name="Actions">What may be done.</param>
internal sealed record RepositoryAccess(string Repository, RegistryActions Actions);

/// <summary>Who a token is for; the name is the token's subject and what the rate of mints is counted by.</summary>
/// <param name="Name">Such as <c>composeapp:team/shop@edge-1/team/app</c>, or a ServiceAccount's user name.</param>
/// <param name="Source">What kind of subject, for the metric: <c>composeapp</c>, <c>project</c>, <c>person</c>.</param>
/// <param name="Regarding">The object that the audit event is written at.</param>
/// <param name="OnlyNamespace">Repositories of another namespace are refused; null where a review by the API server has decided that.</param>
internal sealed record RegistrySubject(
    string Name,
    string Source,
    IKubernetesObject<V1ObjectMeta> Regarding,
    string? OnlyNamespace
);

/// <summary>One token that is asked for.</summary>
/// <param name="Host">The exact registry host, with its port, that the token is good for.</param>
/// <param name="Access">What it allows; empty only proves who the bearer is.</param>
/// <param name="Subject">Who it is for.</param>
/// <param name="Lifetime">How long; null is the longest that there is, and more than that is cut.</param>
internal sealed record RegistryGrant(
    string Host,
    ImmutableArray<RepositoryAccess> Access,
    RegistrySubject Subject,
    TimeSpan? Lifetime = null
);
