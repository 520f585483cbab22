using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Check runs and commit statuses, kept as they were written.</summary>
internal static class ChecksApi
{
    private static readonly string[] s_states = ["error", "failure", "pending", "success"];

    public static Answer CreateCheck(GitHubCall call)
    {
        if (call.Caller.AppBehind is not { } app)
        {
            return Answer.Error(403, "You must authenticate via a GitHub App.");
        }
        if (call.Text("name") is not { Length: > 0 } name)
        {
            return Answer.Invalid("CheckRun", "name", "missing_field");
        }
        if (call.Text("head_sha") is not { } sha || call.Repository.Story.Commit(sha) is null)
        {
            return Answer.Error(422, $"No commit found for SHA: {call.Text("head_sha")}");
        }
        var id = call.World.NextId();
        var json = new JsonObject
        {
            ["id"] = id,
            ["node_id"] = Shapes.Node("CR", id),
            ["name"] = name,
            ["head_sha"] = sha,
            ["external_id"] = "",
            ["url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/check-runs/{id}",
            ["html_url"] = call.Shapes.Url($"{call.Repository.FullName}/runs/{id}"),
            ["details_url"] = null,
            ["status"] = "queued",
            ["conclusion"] = null,
            ["started_at"] = Shapes.Text(call.World.Now),
            ["completed_at"] = null,
            ["output"] = new JsonObject
            {
                ["title"] = null,
                ["summary"] = null,
                ["text"] = null,
                ["annotations_count"] = 0,
                ["annotations_url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/check-runs/{id}/annotations",
            },
            ["check_suite"] = new JsonObject { ["id"] = id },
            ["app"] = call.Shapes.App(app, 1),
            ["pull_requests"] = new JsonArray(),
        };
        if (Change(call, json) is { } refused)
        {
            return refused;
        }
        call.Repository.Checks.Add(json);
        return Answer.Created(json.DeepClone());
    }

    public static Answer UpdateCheck(GitHubCall call)
    {
        if (Find(call) is not { } json)
        {
            return Answer.NotFound();
        }
        if (json["app"]!["id"]!.GetValue<long>() != call.Caller.AppBehind?.Id)
        {
            return Answer.Error(403, "Invalid app_id: check runs are changed by the App that made them.");
        }
        return Change(call, json) ?? Answer.Ok(json.DeepClone());
    }

    public static Answer GetCheck(GitHubCall call) => Find(call) is { } json ? Answer.Ok(json.DeepClone()) : Answer.NotFound();

    public static Answer Checks(GitHubCall call)
    {
        var sha = call.Repository.Story.Resolve(call.Values["ref"]);
        var found = call.Repository.Checks.Where(json => $"{json["head_sha"]}" == sha).ToList();
        return call.Page(
            found,
            json => json.DeepClone(),
            page => new JsonObject { ["total_count"] = found.Count, ["check_runs"] = page }
        );
    }

    public static Answer CreateStatus(GitHubCall call)
    {
        var sha = call.Values["sha"];
        if (call.Repository.Story.Commit(sha) is null)
        {
            return Answer.Error(422, $"No commit found for SHA: {sha}");
        }
        if (call.Text("state") is not { } state || !s_states.Contains(state))
        {
            return Answer.Invalid("Status", "state", "custom");
        }
        var id = call.World.NextId();
        var now = Shapes.Text(call.World.Now);
        var json = new JsonObject
        {
            ["id"] = id,
            ["node_id"] = Shapes.Node("SC", id),
            ["url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/statuses/{sha}",
            ["avatar_url"] = call.Shapes.Url("avatars/app"),
            ["state"] = state,
            ["description"] = call.Text("description"),
            ["target_url"] = call.Text("target_url"),
            ["context"] = call.Text("context") ?? "default",
            ["created_at"] = now,
            ["updated_at"] = now,
        };
        call.Repository.Statuses.Add((sha, json));
        var answer = json.DeepClone().AsObject();
        answer["creator"] = call.Shapes.Person(IssuesApi.Author(call));
        return Answer.Created(answer);
    }

    public static Answer Combined(GitHubCall call)
    {
        if (call.Repository.Story.Resolve(call.Values["ref"]) is not { } sha)
        {
            return Answer.Error(422, $"No commit found for SHA: {call.Values["ref"]}");
        }
        // The last word of each context counts.
        var latest = call
            .Repository.Statuses.Where(status => status.Sha == sha)
            .GroupBy(status => $"{status.Status["context"]}")
            .Select(group => group.Last().Status)
            .ToList();
        var states = latest.Select(status => $"{status["state"]}").ToHashSet();
        var state =
            states.Contains("failure") || states.Contains("error") ? "failure"
            : states.Count == 0 || states.Contains("pending") ? "pending"
            : "success";
        return Answer.Ok(
            new JsonObject
            {
                ["state"] = state,
                ["sha"] = sha,
                ["total_count"] = latest.Count,
                ["statuses"] = new JsonArray([.. latest.Select(status => status.DeepClone())]),
                ["repository"] = call.Shapes.Repository(call.Repository),
                ["commit_url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/commits/{sha}",
                ["url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/commits/{sha}/status",
            }
        );
    }

    private static JsonObject? Find(GitHubCall call) =>
        call.Repository.Checks.Find(json => json["id"]!.GetValue<long>() == call.Number("check_run_id"));

    private static Answer? Change(GitHubCall call, JsonObject json)
    {
        foreach (var name in new[] { "status", "conclusion", "details_url", "external_id", "name", "started_at", "completed_at" })
        {
            if (call.Text(name) is { } text)
            {
                json[name] = text;
            }
        }
        if (call.Body["output"] is JsonObject output)
        {
            foreach (var name in new[] { "title", "summary", "text" })
            {
                json["output"]![name] = output[name]?.DeepClone();
            }
        }
        if (json["conclusion"] is not null)
        {
            json["status"] = "completed";
            json["completed_at"] ??= Shapes.Text(call.World.Now);
        }
        return $"{json["status"]}" == "completed" && json["conclusion"] is null
            ? Answer.Error(422, "Invalid request. \"conclusion\" wasn't supplied.")
            : null;
    }
}
