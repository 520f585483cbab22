using k8s.Models;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>Asks the API server whose a ServiceAccount token is. It has to be made for this endpoint's audience: any other is of no use here.</summary>
[Rbac<TokenReview>("create")]
internal sealed class ServiceAccountLogins(IKubernetesTransport transport, RegistryOptions options)
{
    private const string AccountPrefix = "system:serviceaccount:";

    // A review changes nothing, and every replica answers logins: not bound to leadership.
    private readonly KubernetesResourceClient<TokenReview> _reviews = new(transport, new AlwaysLeader(), []);

    /// <summary>Who it is.</summary>
    public async Task<LoginOutcome> ProveAsync(string token, CancellationToken cancellationToken)
    {
        var audience = options.Endpoint.Audience;
        var asked = new TokenReview
        {
            Spec = new V1TokenReviewSpec { Token = token, Audiences = [audience] },
        };
        V1TokenReviewStatus? status;
        try
        {
            status = (await _reviews.CreateAsync(asked, cancellationToken)).Status;
        }
        catch (KubernetesApiException fault)
        {
            return new LoginOutcome.Unavailable($"TokenReview: {fault.Code} {fault.Reason}");
        }

        if (status is not { Authenticated: true, User: { Username: { } user } who })
            return new LoginOutcome.Refused("no token that the API server knows for this audience");
        // A server that does not know audiences leaves the list empty: then the token is good for the API server alone.
        if (status.Audiences?.Contains(audience) != true)
            return new LoginOutcome.Refused($"the token is not for audience {audience}");
        return user.StartsWith(AccountPrefix, StringComparison.Ordinal)
            ? new LoginOutcome.Known(new Bearer.Person(who, ExpiryOf(token)))
            : new LoginOutcome.Refused("only ServiceAccounts log in here");
    }

    private static DateTimeOffset? ExpiryOf(string token) =>
        JsonWebToken.Peek(token) is { } claims ? JsonWebToken.Time(claims, "exp") : null;
}
