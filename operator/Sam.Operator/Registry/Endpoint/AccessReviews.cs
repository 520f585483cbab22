using k8s.Models;
using Sam.Crds;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>
/// Asks the API server what a person may do with a repository: <c>registryrepositories.sam.dev</c>, a resource that no object has, in the
/// repository's namespace and under its name there. Roles decide, as for everything else.
/// </summary>
[Rbac<SubjectAccessReview>("create")]
internal sealed class AccessReviews(IKubernetesTransport transport)
{
    private const string Resource = "registryrepositories";

    private static readonly (RegistryActions Action, string Verb)[] s_verbs =
    [
        (RegistryActions.Pull, "get"),
        (RegistryActions.Push, "update"),
        (RegistryActions.Delete, "delete"),
    ];

    private readonly KubernetesResourceClient<SubjectAccessReview> _reviews = new(transport, new AlwaysLeader(), []);

    /// <summary>What of the asked actions is allowed. A review that fails is thrown: nothing is allowed then.</summary>
    public async Task<RegistryActions> AllowedAsync(
        V1UserInfo user,
        RepositoryPlace place,
        RegistryActions asked,
        CancellationToken cancellationToken
    )
    {
        var allowed = RegistryActions.None;
        foreach (var (action, verb) in s_verbs)
        {
            if (asked.HasFlag(action) && await IsAllowedAsync(user, place, verb, cancellationToken))
                allowed |= action;
        }

        return allowed;
    }

    private async Task<bool> IsAllowedAsync(
        V1UserInfo user,
        RepositoryPlace place,
        string verb,
        CancellationToken cancellationToken
    )
    {
        var review = new SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = user.Username,
                Uid = user.Uid,
                Groups = user.Groups,
                Extra = user.Extra,
                ResourceAttributes = new V1ResourceAttributes
                {
                    Group = Names.Group,
                    Version = Names.Version,
                    Resource = Resource,
                    Verb = verb,
                    NamespaceProperty = place.Namespace,
                    Name = place.Name,
                },
            },
        };
        var status = (await _reviews.CreateAsync(review, cancellationToken)).Status;
        return status is { Allowed: true } and not { Denied: true };
    }
}
