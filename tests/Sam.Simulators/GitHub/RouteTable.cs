namespace Sam.Simulators.GitHub;

/// <summary>The table of what is served.</summary>
internal sealed class RouteTable
{
    private readonly List<Route> _routes = [];

    public RouteTable(RateLimits limits)
    {
        Apps(limits);
        Repository("GET", "", "metadata", RepositoriesApi.Get);
        _routes.Sort((one, other) => other.Weight.CompareTo(one.Weight));
    }

    /// <summary>The route of a path with its values.</summary>
    public (Route? Route, Dictionary<string, string> Values) Find(string method, string path)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var route in _routes.Where(route => route.Method == method))
        {
            if (route.Match(segments) is { } values)
            {
                return (route, values);
            }
        }
        return (null, []);
    }

    private void Apps(RateLimits limits)
    {
        _routes.AddRange([
            new Route("GET", "/app", Door.App, AppsApi.Get),
            new Route("GET", "/app/installations", Door.App, AppsApi.Installations),
            new Route("GET", "/app/installations/{installation_id}", Door.App, AppsApi.Installation),
            new Route("DELETE", "/app/installations/{installation_id}", Door.App, AppsApi.Uninstall),
            new Route("POST", "/app/installations/{installation_id}/access_tokens", Door.App, MintsApi.Mint),
            new Route("GET", "/repos/{owner}/{repo}/installation", Door.App, AppsApi.OfRepository),
            new Route("GET", "/repositories/{repository_id}/installation", Door.App, AppsApi.OfRepository),
            new Route("GET", "/orgs/{account}/installation", Door.App, AppsApi.OfAccount),
            new Route("GET", "/users/{account}/installation", Door.App, AppsApi.OfAccount),
            new Route("GET", "/installation/repositories", Door.Token, AppsApi.Repositories),
            new Route("DELETE", "/installation/token", Door.Token, AppsApi.Revoke),
            new Route("GET", "/user", Door.Known, RepositoriesApi.User),
            new Route("GET", "/rate_limit", Door.Anybody, call => RepositoriesApi.RateLimit(call, limits)),
        ]);
    }

    // Each route of a repository is served under its name and under its id, as redirects lead there.
    private void Repository(string method, string rest, string permission, Func<GitHubCall, Answer> endpoint, bool writes = false)
    {
        foreach (var root in new[] { "/repos/{owner}/{repo}", "/repositories/{repository_id}" })
        {
            _routes.Add(
                new Route(method, root + rest, Door.Anybody, endpoint)
                {
                    Permission = permission,
                    Level = writes ? Level.Write : Level.Read,
                }
            );
        }
    }
}
