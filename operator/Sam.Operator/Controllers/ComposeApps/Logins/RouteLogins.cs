using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.ComposeApps.Logins;

/// <summary>Reads the Secrets of routes with basic auth, each state of one once: a hash is slow on purpose, and passwords are not kept.</summary>
[Rbac<V1Secret>("get", "list", "watch")]
internal sealed class RouteLogins(IResourceClient<V1Secret> secrets, IResourceStore<MetadataOf<V1Secret>> seen)
{
    private readonly ConcurrentDictionary<ObjectKey, (string State, RouteLogin Login)> _known = new();

    /// <summary>Who a Secret lets pass.</summary>
    public async Task<RouteLogin> OfAsync(string home, string name, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(home, name);
        if (
            seen.Get(home, name) is { } metadata
            && _known.TryGetValue(key, out var known)
            && known.State == StateOf(metadata.Metadata)
        )
            return known.Login;
        if (await secrets.GetAsync(home, name, cancellationToken) is not { } secret)
        {
            _known.TryRemove(key, out _);
            return new RouteLogin(null, [], $"Secret {name} does not exist; create it");
        }

        var state = StateOf(secret.Metadata);
        var (accounts, fault) = LoginSecret.Read(secret);
        var login = new RouteLogin(fault is null ? Revision(state) : null, accounts, fault);
        _known[key] = (state, login);
        return login;
    }

    private static string StateOf(V1ObjectMeta metadata) => $"{metadata.Uid}/{metadata.ResourceVersion}";

    private static string Revision(string state) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..16];
}
