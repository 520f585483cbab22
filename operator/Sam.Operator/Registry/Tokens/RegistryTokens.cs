using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sam.Operator.Registry.Keys;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Tokens;

/// <inheritdoc/>
internal sealed class RegistryTokens(
    RegistryDirectory directory,
    RegistryKeys keys,
    MintLimiter limiter,
    MintAudit audit,
    RegistryOptions options,
    TimeProvider timeProvider
) : IRegistryTokens
{
    // A registry whose clock is behind still takes a fresh token.
    private static readonly TimeSpan s_backdate = TimeSpan.FromSeconds(30);

    public async Task<RegistryMint> MintAsync(RegistryGrant grant, CancellationToken cancellationToken)
    {
        if (limiter.Take(grant.Subject.Name) is { } wait)
        {
            audit.Refused(
                grant.Subject,
                "rateLimited",
                grant.Host,
                $"more than {options.MintsPerWindow} in {options.MintWindow}"
            );
            return new RegistryMint.RateLimited(wait);
        }

        if (directory.ByHost(grant.Host) is not { } registry)
            return Refuse(
                grant,
                $"no registry of that host trusts SAM's key; the operator's option Registry:Trusted lists those that do"
            );
        if (Fault(grant, registry) is { } why)
            return Refuse(grant, why);
        try
        {
            return Sign(grant, registry, await keys.RingAsync(cancellationToken));
        }
        catch (Exception fault) when (fault is KubernetesApiException or InvalidDataException)
        {
            audit.Refused(grant.Subject, "unavailable", grant.Host, "there is no key to sign with now");
            return new RegistryMint.Unavailable(fault.Message);
        }
    }

    private static string? Fault(RegistryGrant grant, TrustedRegistry registry)
    {
        if (grant.Lifetime is { } lifetime && lifetime < TimeSpan.FromSeconds(1))
            return "its time is over";
        foreach (var (repository, actions) in grant.Access)
        {
            if (RegistryDirectory.PlaceOf(registry, repository) is not { } place)
                return $"{repository} is no repository of a namespace there ({registry.Repositories}NAME)";
            if (grant.Subject.OnlyNamespace is { } only && only != place.Namespace)
                return $"{repository} belongs to namespace {place.Namespace}, not to {only}";
            if (actions == RegistryActions.None)
                return $"nothing is asked for on {repository}";
        }

        return null;
    }

    private RegistryMint.Minted Sign(RegistryGrant grant, TrustedRegistry registry, KeyRing ring)
    {
        // Whole seconds: Distribution refuses fractions.
        var now = DateTimeOffset.FromUnixTimeSeconds(timeProvider.GetUtcNow().ToUnixTimeSeconds());
        var lifetime = grant.Lifetime is { } asked && asked < options.TokenLifetime ? asked : options.TokenLifetime;
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var claims = new JsonObject
        {
            ["iss"] = options.Issuer,
            ["sub"] = grant.Subject.Name,
            ["aud"] = registry.Audience, // text, not a list: 2.x refuses a list
            ["exp"] = expiresAt.ToUnixTimeSeconds(),
            ["nbf"] = (now - s_backdate).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["access"] = new JsonArray([.. grant.Access.Select(Access)]),
        };
        var token = JsonWebToken.Sign(ring.Signer(now), "JWT", registry.Keys, claims);
        audit.Signed(grant.Subject, "RegistryTokenMinted", grant.Host, grant.Access, expiresAt);
        return new RegistryMint.Minted(new RegistryToken(token, grant.Host, now, expiresAt));
    }

    private static JsonObject Access(RepositoryAccess access) =>
        new()
        {
            ["type"] = "repository",
            ["name"] = access.Repository,
            ["actions"] = new JsonArray([.. access.Actions.Words().Select(word => (JsonNode)word)]),
        };

    private RegistryMint.Refused Refuse(RegistryGrant grant, string why)
    {
        audit.Refused(grant.Subject, "refused", grant.Host, why);
        return new RegistryMint.Refused(why);
    }
}
