using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Reads repositories, and who one is.</summary>
internal static class RepositoriesApi
{
    public static Answer Get(GitHubCall call)
    {
        var json = call.Shapes.FullRepository(call.Repository);
        var may = call.Caller.May(call.Repository, "contents", Level.Write);
        json["permissions"] = new JsonObject
        {
            ["admin"] = false,
            ["push"] = may,
            ["pull"] = true,
        };
        if (call.Struck(GitHubFaults.IdDrift) is not null)
        {
            json["id"] = call.Repository.Id + 1;
        }
        if (call.Values.ContainsKey("repository_id") && call.Struck(GitHubFaults.StaleName) is not null)
        {
            (json["name"], json["full_name"]) = ($"{call.Repository.Name}-before", $"{call.Repository.FullName}-before");
        }
        return Answer.Ok(json);
    }

    public static Answer User(GitHubCall call)
    {
        if (call.Caller is not Caller.OfPerson person)
        {
            return Answer.Forbidden(); // an installation is nobody
        }
        var json = call.Shapes.Account(person.Person.Login, "User");
        json["id"] = person.Person.Id;
        foreach (var name in new[] { "name", "company", "location", "email", "hireable", "bio" })
        {
            json[name] = null;
        }
        json["blog"] = "";
        foreach (var name in new[] { "public_repos", "public_gists", "followers", "following" })
        {
            json[name] = 0;
        }
        json["user_view_type"] = "public";
        (json["created_at"], json["updated_at"]) = ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z");
        var answer = Answer.Ok(json);
        answer.Headers["X-OAuth-Scopes"] = "repo, workflow";
        return answer;
    }

    public static Answer RateLimit(GitHubCall call, RateLimits limits)
    {
        var hour = limits.Of(call.Caller);
        JsonObject Numbers() =>
            new()
            {
                ["limit"] = hour.Limit,
                ["remaining"] = hour.Remaining,
                ["reset"] = hour.Reset.ToUnixTimeSeconds(),
                ["used"] = hour.Used,
            };
        return Answer.Ok(
            new JsonObject
            {
                ["resources"] = new JsonObject { ["core"] = Numbers(), ["search"] = Numbers() },
                ["rate"] = Numbers(),
            }
        );
    }
}
