using System.Collections.Concurrent;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>
/// Access to registries that trust SAM's key, without a Secret: pull, one repository of the app's own namespace, one node, a quarter of an hour.
/// The token goes to that node's engine, which sends it to that host alone.
/// </summary>
internal sealed class SignedAccess(IRegistryTokens tokens, RegistryDirectory directory, TimeProvider timeProvider)
{
    private sealed record Use(string Uid, string Node, string Host, string Repository);

    // One apply resolves a tag and then pulls, and tries again if that fails: a token serves for the first half of its life.
    private readonly ConcurrentDictionary<Use, RegistryToken> _given = [];

    /// <summary>The login for an image; none if its host does not trust SAM's key.</summary>
    /// <exception cref="RegistryAccessException">There is no token now; time mends it.</exception>
    public async Task<LoginAnswer> ForAsync(ComposeApp app, string image, CancellationToken cancellationToken)
    {
        var host = PinnedImage.HostOf(image);
        if (directory.ByHost(host) is null)
            return new LoginAnswer(null);
        var use = new Use(app.Metadata.Uid, app.Spec.NodeRef.Name, host, PinnedImage.RepositoryOf(image));
        if (_given.TryGetValue(use, out var given) && IsFresh(given))
            return Login(given);
        switch (await tokens.MintAsync(Grant(app, use), cancellationToken))
        {
            case RegistryMint.Minted(var token):
                Keep(use, token);
                return Login(token);
            case RegistryMint.Refused(var why):
                return new LoginAnswer(null, $"image {image}: {why}");
            case RegistryMint.RateLimited(var wait):
                throw new RegistryAccessException(
                    $"image {image}: too many tokens were asked for",
                    ErrorCategory.RateLimited,
                    wait
                );
            case RegistryMint.Unavailable(var why):
                throw new RegistryAccessException($"image {image}: {why}", ErrorCategory.Transient, null);
            case var other:
                throw new InvalidOperationException($"Unhandled mint {other.GetType().Name}");
        }
    }

    private static RegistryGrant Grant(ComposeApp app, Use use)
    {
        var home = app.Metadata.NamespaceProperty;
        // The repository is part of the name: an app with many images is not held up by the rate of one.
        var name = $"composeapp:{home}/{app.Metadata.Name}@{use.Node}/{use.Repository}";
        return new RegistryGrant(
            use.Host,
            [new RepositoryAccess(use.Repository, RegistryActions.Pull)],
            new RegistrySubject(name, "composeapp", app, home)
        );
    }

    private static LoginAnswer Login(RegistryToken token) =>
        new(new RegistryLogin(token.Host, null, null, token.Reveal()) { ExpiresAt = token.ExpiresAt });

    private bool IsFresh(RegistryToken token) =>
        timeProvider.GetUtcNow() < token.IssuedAt + ((token.ExpiresAt - token.IssuedAt) / 2);

    private void Keep(Use use, RegistryToken token)
    {
        foreach (var (old, kept) in _given)
        {
            if (!IsFresh(kept))
                _given.TryRemove(new KeyValuePair<Use, RegistryToken>(old, kept));
        }

        _given[use] = token;
    }
}

/// <summary>There is no registry token now.</summary>
internal sealed class RegistryAccessException(string message, ErrorCategory category, TimeSpan? retryAfter)
    : Exception(message),
        ICategorizedError
{
    /// <inheritdoc/>
    public ErrorCategory Category { get; } = category;

    /// <inheritdoc/>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
