using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Mints installation tokens: never more than the installation has.</summary>
internal static class MintsApi
{
    private const int MostRepositories = 500;

    public static Answer Mint(GitHubCall call)
    {
        if (AppsApi.Own(call) is not { } installation)
        {
            return Answer.NotFound();
        }
        if (installation.SuspendedAt is not null || call.Struck(GitHubFaults.Suspended) is not null)
        {
            return Answer.Error(403, "This installation has been suspended");
        }
        if (call.Struck(GitHubFaults.MintRefused) is not null)
        {
            return Answer.Error(422, "The permissions requested are not granted to this installation.");
        }
        var ask = new Ask();
        return ask.Read(call.Body) ?? ask.Check(call.World, installation) ?? Give(call, installation, ask);
    }

    private static Answer Give(GitHubCall call, SimulatedInstallation installation, Ask ask)
    {
        var expires = call.World.Now + call.World.Options.TokenLifetime;
        if (call.Struck(GitHubFaults.MintShort) is { } brief)
        {
            expires = call.World.Now + (brief.Delay ?? TimeSpan.FromMinutes(5));
        }
        if (call.Struck(GitHubFaults.MintExpired) is not null)
        {
            expires = call.World.Now - TimeSpan.FromMinutes(1);
        }
        var mint = new SimulatedMint
        {
            Token = call.World.NextToken(),
            AppId = installation.App.Id,
            InstallationId = installation.Id,
            AskedRepositoryIds = ask.Ids,
            AskedRepositories = ask.Names,
            AskedPermissions = ask.Permissions,
            RepositoryIds = call.Struck(GitHubFaults.MintWider) is null ? ask.Reached : null,
            Permissions = Granted(call, installation, ask),
            At = call.World.Now,
            // GitHub tells whole seconds.
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()),
        };
        call.World.Keep(mint);
        return Answer.Created(Shape(call, installation, mint));
    }

    private static Dictionary<string, string> Granted(GitHubCall call, SimulatedInstallation installation, Ask ask)
    {
        var asked = call.Struck(GitHubFaults.MintMorePermissions) is null ? ask.Permissions : null;
        // What the account took back meanwhile is not in any token; metadata comes with every one.
        Dictionary<string, string> granted = new(asked is { Count: > 0 } ? asked : installation.Permissions)
        {
            ["metadata"] = "read",
        };
        if (call.Struck(GitHubFaults.MintFewerPermissions) is { } fewer)
        {
            var lost =
                fewer.Permission ?? granted.Keys.Where(name => name != "metadata").Order(StringComparer.Ordinal).LastOrDefault();
            granted.Remove(lost ?? "");
        }
        return granted;
    }

    private static JsonObject Shape(GitHubCall call, SimulatedInstallation installation, SimulatedMint mint)
    {
        JsonObject json = new()
        {
            ["token"] = mint.Token,
            ["expires_at"] = Shapes.Text(mint.ExpiresAt),
            ["permissions"] = Shapes.Map(mint.Permissions),
            ["repository_selection"] = mint.RepositoryIds is null && installation.IsForAll ? "all" : "selected",
        };
        if (mint.RepositoryIds is { } ids)
        {
            json["repositories"] = new JsonArray([.. ids.Select(id => call.Shapes.Repository(call.World.Repositories[id]))]);
        }
        if (call.Struck(GitHubFaults.MintWithoutToken) is not null)
        {
            json.Remove("token");
        }
        return json;
    }

    // What a request for a token names.
    private sealed class Ask
    {
        public IReadOnlyList<long>? Ids { get; private set; }
        public IReadOnlyList<string>? Names { get; private set; }
        public IReadOnlyDictionary<string, string>? Permissions { get; private set; }
        public IReadOnlyList<long>? Reached { get; private set; }

        public Answer? Read(JsonObject body)
        {
            try
            {
                Ids = (body["repository_ids"] as JsonArray)?.Select(node => node!.GetValue<long>()).ToList();
                Names = (body["repositories"] as JsonArray)?.Select(node => node!.GetValue<string>()).ToList();
                Permissions = (body["permissions"] as JsonObject)?.ToDictionary(
                    pair => pair.Key,
                    pair => pair.Value!.GetValue<string>()
                );
            }
            catch (Exception exception)
                when (exception is InvalidOperationException or FormatException or NullReferenceException or JsonException)
            {
                return Answer.Error(422, "Invalid request. A member has another type than documented.");
            }
            return
                body["repository_ids"] is not null and not JsonArray
                || body["repositories"] is not null and not JsonArray
                || body["permissions"] is not null and not JsonObject
                ? Answer.Error(422, "Invalid request. A member has another type than documented.")
                : null;
        }

        public Answer? Check(GitHubWorld world, SimulatedInstallation installation)
        {
            if ((Ids?.Count ?? 0) + (Names?.Count ?? 0) > MostRepositories)
            {
                return Answer.Error(422, $"Too many repositories: at most {MostRepositories}.");
            }
            if (
                Permissions is { Count: > 0 }
                && !Permissions.All(pair =>
                    Levels.Parse(pair.Value) is { } level && Levels.Grants(installation.Permissions, pair.Key, level)
                )
            )
            {
                return Answer.Error(422, "The permissions requested are not granted to this installation.");
            }
            // An empty list is no limit: whoever builds one by accident gets everything, as he would at GitHub.
            if ((Ids?.Count ?? 0) + (Names?.Count ?? 0) == 0)
            {
                return null;
            }
            List<SimulatedRepository?> found =
            [
                .. (Ids ?? []).Select(id => world.Repositories.GetValueOrDefault(id)),
                .. (Names ?? []).Select(name => world.FindRepository(installation.Account, name)),
            ];
            if (!found.TrueForAll(repository => repository is not null && installation.Reaches(repository)))
            {
                return Answer.Error(
                    422,
                    "There is at least one repository that does not exist or is not accessible to the parent installation."
                );
            }
            Reached = [.. found.Select(repository => repository!.Id).Distinct()];
            return null;
        }
    }
}
