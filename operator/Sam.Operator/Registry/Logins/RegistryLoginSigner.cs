using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Logins;

/// <inheritdoc/>
internal sealed class RegistryLoginSigner(
    RegistryDirectory directory,
    RegistryKeys keys,
    MintLimiter limiter,
    MintAudit audit,
    RegistryOptions options,
    TimeProvider timeProvider
) : IRegistryLogins
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_keyRetry = TimeSpan.FromSeconds(30);

    public async Task<PullSecretOutcome> MakeAsync(PullSecretRequest request, CancellationToken cancellationToken)
    {
        var project = request.Project.Metadata;
        var name = $"project:{project.NamespaceProperty}/{project.Name}/{request.Entry}";
        var subject = new RegistrySubject(name, "project", request.Project, project.NamespaceProperty);
        if (limiter.Take(subject.Name) is { } wait)
        {
            audit.Refused(subject, "rateLimited", request.Host, $"more than {options.MintsPerWindow} in {options.MintWindow}");
            return new PullSecretOutcome.Later("too many logins were asked for this entry lately", wait);
        }

        if (Fault(request) is { } why)
        {
            audit.Refused(subject, "refused", request.Host, why);
            return new PullSecretOutcome.Refused(why);
        }

        try
        {
            return Sign(request, subject, await keys.RingAsync(cancellationToken));
        }
        catch (Exception fault) when (fault is KubernetesApiException or InvalidDataException)
        {
            audit.Refused(subject, "unavailable", request.Host, "there is no key to sign with now");
            return new PullSecretOutcome.Later(fault.Message, s_keyRetry);
        }
    }

    private string? Fault(PullSecretRequest request)
    {
        if (directory.ByHost(request.Host) is not { } registry)
            return $"registry: {request.Host} does not trust SAM's key; the operator's option Registry:Trusted lists those that do";
        if (options.Endpoint.Port is null)
            return "registry: this operator has no token endpoint (its option Registry:Endpoint:Port), so that no login would be accepted";
        if (request.Repositories.Count == 0)
            return $"repositories: name what may be pulled, such as {request.Project.Metadata.NamespaceProperty}/app";
        var home = request.Project.Metadata.NamespaceProperty;
        var foreign = request.Repositories.FirstOrDefault(name => RegistryDirectory.PlaceOf(registry, name)?.Namespace != home);
        return foreign is null
            ? null
            : $"repositories: {foreign} is outside of namespace {home}; there its repositories are {registry.Repositories.Replace("{namespace}", home, StringComparison.Ordinal)}NAME";
    }

    private PullSecretOutcome.Made Sign(PullSecretRequest request, RegistrySubject subject, KeyRing ring)
    {
        var now = timeProvider.GetUtcNow();
        var lifetime = request.Lifetime < s_longest ? request.Lifetime : s_longest;
        var login = new PullLogin(
            request.Project.Metadata.NamespaceProperty,
            request.Project.Metadata.Name,
            request.Project.Metadata.Uid,
            request.Entry,
            request.Host,
            [.. request.Repositories],
            DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds())
        );
        var password = login.Sign(ring.Signer(now), now);
        audit.Signed(
            subject,
            "RegistryLoginMinted",
            request.Host,
            login.Repositories.Select(name => new RepositoryAccess(name, RegistryActions.Pull)),
            login.ExpiresAt
        );
        return new PullSecretOutcome.Made(
            DockerConfiguration.For(request.Host, PullLogin.User, password),
            login.ExpiresAt,
            now + (lifetime / 2)
        );
    }
}
