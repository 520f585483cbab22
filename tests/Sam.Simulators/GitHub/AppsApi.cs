using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>What an App asks about itself and its installations.</summary>
internal static class AppsApi
{
    public static Answer Get(GitHubCall call) =>
        Answer.Ok(call.Shapes.App(call.App, call.World.InstallationsOf(call.App).Count()));

    public static Answer Installations(GitHubCall call) =>
        call.Page([.. call.World.InstallationsOf(call.App).OrderBy(installation => installation.Id)], call.Shapes.Installation);

    public static Answer Installation(GitHubCall call) =>
        Own(call) is { } installation ? Answer.Ok(call.Shapes.Installation(installation)) : Answer.NotFound();

    public static Answer Uninstall(GitHubCall call)
    {
        if (Own(call) is not { } installation)
        {
            return Answer.NotFound();
        }
        installation.Uninstall();
        return Answer.NoContent();
    }

    public static Answer OfRepository(GitHubCall call)
    {
        SimulatedInstallation? Reaching(SimulatedRepository repository) =>
            call.World.InstallationsOf(call.App).FirstOrDefault(installation => installation.Reaches(repository));

        var (repository, answer) = Doors.Find(call, repository => Reaching(repository) is not null);
        return answer ?? Answer.Ok(call.Shapes.Installation(Reaching(repository!)!));
    }

    public static Answer OfAccount(GitHubCall call) =>
        call
            .World.InstallationsOf(call.App)
            .FirstOrDefault(installation =>
                string.Equals(installation.Account, call.Values["account"], StringComparison.OrdinalIgnoreCase)
            )
            is { } found
            ? Answer.Ok(call.Shapes.Installation(found))
            : Answer.NotFound();

    public static Answer Repositories(GitHubCall call)
    {
        var token = (Caller.OfToken)call.Caller;
        var all = call.World.Repositories.Values.Where(repository =>
            token.Installation.Reaches(repository) && (token.Mint.RepositoryIds?.Contains(repository.Id) ?? true)
        );
        IReadOnlyList<SimulatedRepository> items = [.. all.OrderBy(repository => repository.Id)];
        return call.Page(
            items,
            call.Shapes.Repository,
            found => new JsonObject
            {
                ["total_count"] = items.Count,
                ["repository_selection"] = token.Mint.RepositoryIds is null && token.Installation.IsForAll ? "all" : "selected",
                ["repositories"] = found,
            }
        );
    }

    public static Answer Revoke(GitHubCall call)
    {
        if (call.Struck(GitHubFaults.RevokeIgnored) is null)
        {
            call.World.Revoke(((Caller.OfToken)call.Caller).Mint.Token, "revoked");
        }
        return Answer.NoContent();
    }

    public static SimulatedInstallation? Own(GitHubCall call) =>
        call.World.Installations.GetValueOrDefault(call.Number("installation_id")) is { } found && found.App == call.App
            ? found
            : null;
}
