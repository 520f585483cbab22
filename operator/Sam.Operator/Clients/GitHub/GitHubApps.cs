using System.Collections.Concurrent;
using Sam.Runtime.Leases;

namespace Sam.Operator.Clients.GitHub;

/// <summary>One way per App key over one connection pool.</summary>
public sealed class GitHubApps : IGitHubApps, IDisposable
{
    private readonly ConcurrentDictionary<GitHubAppKey, GitHubApp> _apps = new();
    private readonly HttpMessageInvoker _http;
    private readonly GitHubTransport _transport;
    private readonly GitHubGates _gates;

    /// <summary>Makes the way; a handler takes the place of sockets.</summary>
    public GitHubApps(
        GitHubOptions options,
        ILeadership leadership,
        TimeProvider timeProvider,
        Random random,
        IGitHubCallObserver? observer = null,
        HttpMessageHandler? handler = null
    )
    {
        // Without the last slash a path such as /api/v3 would lose its end when another is joined to it.
        var endpoint = options.Endpoint.AbsoluteUri;
        var settings = options with { Endpoint = new Uri(endpoint.EndsWith('/') ? endpoint : endpoint + "/") };
        var clock = new GitHubClock(timeProvider);
        _gates = new GitHubGates(clock, random, timeProvider);
        _http = new HttpMessageInvoker(handler ?? ApiConnections.NewHandler());
        var outage = new GitHubOutage(timeProvider, random);
        _transport = new GitHubTransport(_http, settings, clock, outage, leadership, observer, timeProvider);
    }

    /// <inheritdoc/>
    public IGitHubApp For(GitHubAppKey key) => _apps.GetOrAdd(key, known => new GitHubApp(_transport, known, _gates, this));

    /// <inheritdoc/>
    public IGitHubAccess With(InstallationToken token) =>
        new GitHubAccess(_transport, token, _gates.OfInstallation(token.AppId, token.InstallationId));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
