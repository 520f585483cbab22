namespace Sam.Simulators.GitHub;

/// <summary>The table of what is served.</summary>
internal sealed class RouteTable
{
    private readonly List<Route> _routes = [];

    public RouteTable(RateLimits limits)
    {
        Apps(limits);
        Repository("GET", "", "metadata", RepositoriesApi.Get);
        GitData();
        Talk();
        _routes.Sort((one, other) => other.Weight.CompareTo(one.Weight));
    }

    /// <summary>The route of a path with its values.</summary>
    public (Route? Route, Dictionary<string, string> Values) Find(string method, string path)
    {
        // A slash in a name comes escaped: it belongs to its segment.
        var segments = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
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

    private void GitData()
    {
        Repository("GET", "/git/ref/{*ref}", "contents", RefsApi.Get);
        Repository("GET", "/git/matching-refs/{*ref}", "contents", RefsApi.Matching);
        Repository("GET", "/git/refs", "contents", RefsApi.Matching);
        Repository("POST", "/git/refs", "contents", RefsApi.Create, writes: true);
        Repository("PATCH", "/git/refs/{*ref}", "contents", RefsApi.Update, writes: true);
        Repository("DELETE", "/git/refs/{*ref}", "contents", RefsApi.Delete, writes: true);
        Repository("GET", "/branches", "contents", RefsApi.Branches);
        Repository("GET", "/branches/{*branch}", "contents", RefsApi.Branch);
        Repository("GET", "/git/trees/{*tree_sha}", "contents", GitDataApi.Tree);
        Repository("GET", "/git/blobs/{file_sha}", "contents", GitDataApi.Blob);
        Repository("GET", "/git/commits/{commit_sha}", "contents", GitDataApi.BareCommit);
        Repository("GET", "/commits", "contents", GitDataApi.Commits);
        Repository("GET", "/commits/{*ref}", "contents", GitDataApi.Commit);
        Repository("GET", "/compare/{*basehead}", "contents", GitDataApi.Compare);
        Repository("GET", "/contents", "contents", ContentsApi.Get);
        Repository("GET", "/contents/{*path}", "contents", ContentsApi.Get);
        Repository("PUT", "/contents/{*path}", "contents", ContentsApi.Put, writes: true);
        Repository("DELETE", "/contents/{*path}", "contents", ContentsApi.Delete, writes: true);
    }

    private void Talk()
    {
        Repository("GET", "/pulls", "pull_requests", PullsApi.List);
        Repository("POST", "/pulls", "pull_requests", PullsApi.Create, writes: true);
        Repository("GET", "/pulls/{pull_number}", "pull_requests", PullsApi.Get);
        Repository("PATCH", "/pulls/{pull_number}", "pull_requests", PullsApi.Update, writes: true);
        Repository("GET", "/issues", "issues", IssuesApi.List);
        Repository("POST", "/issues", "issues", IssuesApi.Create, writes: true);
        Repository("GET", "/issues/{issue_number}", "issues", IssuesApi.Get);
        Repository("PATCH", "/issues/{issue_number}", "issues", IssuesApi.Update, writes: true);
        Repository("GET", "/issues/{issue_number}/comments", "issues|pull_requests", IssuesApi.Comments);
        Repository("POST", "/issues/{issue_number}/comments", "issues|pull_requests", IssuesApi.Comment, writes: true);
        Repository("POST", "/check-runs", "checks", ChecksApi.CreateCheck, writes: true);
        Repository("GET", "/check-runs/{check_run_id}", "checks", ChecksApi.GetCheck);
        Repository("PATCH", "/check-runs/{check_run_id}", "checks", ChecksApi.UpdateCheck, writes: true);
        Repository("GET", "/commits/{ref}/check-runs", "checks", ChecksApi.Checks);
        Repository("POST", "/statuses/{sha}", "statuses", ChecksApi.CreateStatus, writes: true);
        Repository("GET", "/commits/{ref}/status", "statuses", ChecksApi.Combined);
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
