namespace Sam.Simulators.GitHub;

/// <summary>Lets callers in: by who they are, then by the repository of the path and what they may do there.</summary>
internal static class Doors
{
    public static Answer? Refusal(Route route, Caller caller) =>
        route.Door switch
        {
            Door.App => caller switch
            {
                Caller.OfApp => null,
                Caller.Anonymous => Answer.Unauthorized("A JSON web token could not be decoded"),
                _ => Answer.Unauthorized("A JSON web token could not be decoded"),
            },
            Door.Token => caller switch
            {
                Caller.OfToken => null,
                Caller.Anonymous => Answer.Unauthorized("Requires authentication"),
                _ => Answer.Error(403, "You must authenticate with an installation access token in order to use this resource."),
            },
            Door.Known when caller is Caller.Anonymous => Answer.Unauthorized("Requires authentication"),
            _ => null,
        };

    /// <summary>Finds the repository of the path and checks the permission of the route.</summary>
    public static Answer? Enter(GitHubCall call)
    {
        if (call.Caller is Caller.OfApp)
        {
            return Answer.Unauthorized("Bad credentials"); // an App reads repositories through its installations only
        }
        var (repository, answer) = Find(call, call.Caller.Sees);
        if (repository is null)
        {
            return answer;
        }
        call.Repository = repository;
        if (call.Struck(GitHubFaults.PermissionRemoved) is not null)
        {
            return Answer.Forbidden();
        }
        // Alternatives stand apart by a bar.
        if (!call.Route.Permission!.Split('|').Any(permission => call.Caller.May(repository, permission, call.Route.Level)))
        {
            return Answer.Forbidden();
        }
        return repository.Archived && call.Route.Level > Level.Read
            ? Answer.Error(403, "Repository was archived so is read-only.")
            : null;
    }

    /// <summary>The repository that a path names by owner and name or by id; a redirect if it has moved.</summary>
    public static (SimulatedRepository? Repository, Answer? Answer) Find(
        GitHubCall call,
        Predicate<SimulatedRepository> isVisible
    )
    {
        if (call.Struck(GitHubFaults.NotFound) is not null)
        {
            return (null, Answer.NotFound());
        }
        if (call.Struck(GitHubFaults.RedirectLoop) is not null)
        {
            return (null, Moved(call, call.Request.Address));
        }
        if (call.Values.ContainsKey("repository_id"))
        {
            var found = call.World.Repositories.GetValueOrDefault(call.Number("repository_id"));
            return found is { IsDeleted: false } && isVisible(found) ? (found, null) : (null, Answer.NotFound());
        }
        var (owner, name) = (call.Values["owner"], call.Values["repo"]);
        if (call.World.FindRepository(owner, name) is { } repository)
        {
            return isVisible(repository) ? (repository, null) : (null, Answer.NotFound());
        }
        if (call.World.FindFormer(owner, name) is not { } moved || !isVisible(moved))
        {
            return (null, Answer.NotFound());
        }
        var rest = string.Join('/', call.Request.Address.AbsolutePath.Trim('/').Split('/').Skip(3));
        var path = $"repositories/{moved.Id}{(rest.Length > 0 ? "/" : "")}{rest}{call.Request.Address.Query}";
        return (null, Moved(call, new Uri(call.World.BaseAddress, path)));
    }

    private static Answer Moved(GitHubCall call, Uri to)
    {
        var answer = Answer.Error(call.Request.Method is "GET" or "HEAD" ? 301 : 307, "Moved Permanently");
        answer.Body!["url"] = to.AbsoluteUri;
        answer.Headers["Location"] = to.AbsoluteUri;
        return answer;
    }
}
