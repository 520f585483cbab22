using k8s;
using k8s.Models;

namespace Sam.Operator.Registry.Logins;

/// <summary>One entry of a Project that asks for a pull Secret.</summary>
/// <param name="Project">The Project; its UID is in the login.</param>
/// <param name="Entry">Name of the entry in <c>spec.tokenSecrets</c>; the login ends when it goes.</param>
/// <param name="Host">The registry host; one that trusts SAM's key.</param>
/// <param name="Repositories">Repositories at the registry, all of the Project's own namespace.</param>
/// <param name="Lifetime">How long the login is good; at most an hour.</param>
internal sealed record PullSecretRequest(
    IKubernetesObject<V1ObjectMeta> Project,
    string Entry,
    string Host,
    IReadOnlyList<string> Repositories,
    TimeSpan Lifetime
);

/// <summary>What came of a request for a login.</summary>
internal abstract record PullSecretOutcome
{
    /// <summary>The value of the key <c>.dockerconfigjson</c>; renew it at <paramref name="RenewAt"/>.</summary>
    public sealed record Made(byte[] DockerConfigJson, DateTimeOffset ExpiresAt, DateTimeOffset RenewAt) : PullSecretOutcome
    {
        /// <inheritdoc/>
        public override string ToString() => $"Docker configuration until {ExpiresAt:u}";
    }

    /// <summary>Never as it was asked; the sentence names the field.</summary>
    public sealed record Refused(string Why) : PullSecretOutcome;

    /// <summary>Not now.</summary>
    public sealed record Later(string Why, TimeSpan RetryAfter) : PullSecretOutcome;
}

/// <summary>Makes the Docker configuration of a pull Secret: a login that the token endpoint accepts for these repositories and this time.</summary>
internal interface IRegistryLogins
{
    /// <summary>Signs a login, or says why not.</summary>
    Task<PullSecretOutcome> MakeAsync(PullSecretRequest request, CancellationToken cancellationToken);
}
