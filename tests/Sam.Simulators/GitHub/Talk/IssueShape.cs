using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Issues, pull requests and comments as GitHub writes them.</summary>
internal sealed partial class Shapes
{
    public JsonObject Person(string login) => Account(login, login.EndsWith("[bot]", StringComparison.Ordinal) ? "Bot" : "User");

    public JsonObject Issue(SimulatedRepository repository, SimulatedIssue issue)
    {
        var url = $"{RepositoryUrl(repository)}/issues/{issue.Number}";
        var html = Url($"{repository.FullName}/{(issue.Merge is null ? "issues" : "pull")}/{issue.Number}");
        var json = new JsonObject
        {
            ["url"] = url,
            ["repository_url"] = RepositoryUrl(repository),
            ["labels_url"] = $"{url}/labels{{/name}}",
            ["comments_url"] = $"{url}/comments",
            ["events_url"] = $"{url}/events",
            ["html_url"] = html,
        };
        Describe(json, issue);
        json["comments"] = issue.Comments.Count;
        json["assignees"] = new JsonArray();
        json["reactions"] = Reactions($"{url}/reactions");
        json["performed_via_github_app"] = null;
        if (issue.Merge is not null)
        {
            json["pull_request"] = new JsonObject
            {
                ["url"] = $"{RepositoryUrl(repository)}/pulls/{issue.Number}",
                ["html_url"] = html,
                ["diff_url"] = $"{html}.diff",
                ["patch_url"] = $"{html}.patch",
                ["merged_at"] = null,
            };
        }
        return json;
    }

    public JsonObject Comment(SimulatedRepository repository, SimulatedIssue issue, SimulatedComment comment) =>
        new()
        {
            ["id"] = comment.Id,
            ["node_id"] = Node("IC", comment.Id),
            ["url"] = $"{RepositoryUrl(repository)}/issues/comments/{comment.Id}",
            ["html_url"] = Url($"{repository.FullName}/issues/{issue.Number}#issuecomment-{comment.Id}"),
            ["issue_url"] = $"{RepositoryUrl(repository)}/issues/{issue.Number}",
            ["user"] = Person(comment.Author),
            ["body"] = comment.Text,
            ["created_at"] = Text(comment.At),
            ["updated_at"] = Text(comment.At),
            ["author_association"] = "MEMBER",
            ["reactions"] = Reactions($"{RepositoryUrl(repository)}/issues/comments/{comment.Id}/reactions"),
            ["performed_via_github_app"] = null,
        };

    public JsonObject Pull(SimulatedRepository repository, SimulatedIssue pull)
    {
        var url = $"{RepositoryUrl(repository)}/pulls/{pull.Number}";
        var issue = $"{RepositoryUrl(repository)}/issues/{pull.Number}";
        var html = Url($"{repository.FullName}/pull/{pull.Number}");
        var head = repository.Story.Branch(pull.Merge!.Head) ?? new string('0', 40);
        var links = new Dictionary<string, string>
        {
            ["self"] = url,
            ["html"] = html,
            ["issue"] = issue,
            ["comments"] = $"{issue}/comments",
            ["review_comments"] = $"{url}/comments",
            ["review_comment"] = $"{RepositoryUrl(repository)}/pulls/comments{{/number}}",
            ["commits"] = $"{url}/commits",
            ["statuses"] = $"{RepositoryUrl(repository)}/statuses/{head}",
        };
        var json = new JsonObject
        {
            ["url"] = url,
            ["html_url"] = html,
            ["diff_url"] = $"{html}.diff",
            ["patch_url"] = $"{html}.patch",
            ["issue_url"] = issue,
        };
        foreach (var name in new[] { "commits", "review_comments", "review_comment", "comments", "statuses" })
        {
            json[$"{name}_url"] = links[name];
        }
        Describe(json, pull);
        (json["merged_at"], json["merge_commit_sha"], json["auto_merge"]) = (null, null, null);
        (json["assignees"], json["requested_reviewers"], json["requested_teams"]) = (
            new JsonArray(),
            new JsonArray(),
            new JsonArray()
        );
        json["head"] = Side(repository, pull.Merge.Head);
        json["base"] = Side(repository, pull.Merge.Base);
        json["draft"] = pull.Merge.Draft;
        json["_links"] = new JsonObject(
            links.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject { ["href"] = pair.Value }))
        );
        return json;
    }

    /// <summary>What reading one pull request shows beyond what lists show.</summary>
    public JsonObject FullPull(SimulatedRepository repository, SimulatedIssue pull)
    {
        var json = Pull(repository, pull);
        (json["merged"], json["mergeable"], json["mergeable_state"], json["merged_by"]) = (false, null, "unknown", null);
        json["maintainer_can_modify"] = false;
        json["comments"] = pull.Comments.Count;
        var known = repository.Story.Log(repository.Story.Branch(pull.Merge!.Base)).Select(commit => commit.Sha).ToHashSet();
        json["commits"] = repository
            .Story.Log(repository.Story.Branch(pull.Merge.Head))
            .Count(commit => !known.Contains(commit.Sha));
        foreach (var count in new[] { "review_comments", "additions", "deletions", "changed_files" })
        {
            json[count] = 0;
        }
        return json;
    }

    private void Describe(JsonObject json, SimulatedIssue issue)
    {
        json["id"] = issue.Id;
        json["node_id"] = Node(issue.Merge is null ? "I" : "PR", issue.Id);
        json["number"] = issue.Number;
        json["state"] = issue.IsOpen ? "open" : "closed";
        json["locked"] = false;
        json["title"] = issue.Title;
        json["user"] = Person(issue.Author);
        json["body"] = issue.Body;
        json["labels"] = new JsonArray([.. issue.Labels.Select(name => (JsonNode)Label(name))]);
        (json["milestone"], json["assignee"], json["active_lock_reason"]) = (null, null, null);
        json["author_association"] = "MEMBER";
        json["created_at"] = Text(issue.CreatedAt);
        json["updated_at"] = Text(issue.UpdatedAt);
        json["closed_at"] = issue.ClosedAt is { } moment ? Text(moment) : null;
    }

    private static JsonObject Reactions(string url)
    {
        JsonObject json = new() { ["url"] = url, ["total_count"] = 0 };
        foreach (var kind in new[] { "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes" })
        {
            json[kind] = 0;
        }
        return json;
    }

    private JsonObject Label(string name) =>
        new()
        {
            ["id"] = AccountId(name),
            ["node_id"] = Node("LA", AccountId(name)),
            ["url"] = Url($"labels/{Uri.EscapeDataString(name)}"),
            ["name"] = name,
            ["description"] = "",
            ["color"] = "ededed",
            ["default"] = false,
        };

    private JsonObject Side(SimulatedRepository repository, string branch) =>
        new()
        {
            ["label"] = $"{repository.Owner}:{branch}",
            ["ref"] = branch,
            ["sha"] = repository.Story.Branch(branch) ?? new string('0', 40),
            ["user"] = Account(repository.Owner),
            ["repo"] = Repository(repository),
        };
}
