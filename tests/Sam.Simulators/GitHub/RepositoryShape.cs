using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>A repository as GitHub writes it.</summary>
internal sealed partial class Shapes
{
    private static readonly string[] s_repositoryLinks =
    [
        "archive:{archive_format}{/ref}",
        "assignees:assignees{/user}",
        "blobs:git/blobs{/sha}",
        "branches:branches{/branch}",
        "collaborators:collaborators{/collaborator}",
        "comments:comments{/number}",
        "commits:commits{/sha}",
        "compare:compare/{base}...{head}",
        "contents:contents/{+path}",
        "contributors:contributors",
        "deployments:deployments",
        "downloads:downloads",
        "events:events",
        "forks:forks",
        "git_commits:git/commits{/sha}",
        "git_refs:git/refs{/sha}",
        "git_tags:git/tags{/sha}",
        "hooks:hooks",
        "issue_comment:issues/comments{/number}",
        "issue_events:issues/events{/number}",
        "issues:issues{/number}",
        "keys:keys{/key_id}",
        "labels:labels{/name}",
        "languages:languages",
        "merges:merges",
        "milestones:milestones{/number}",
        "notifications:notifications{?since,all,participating}",
        "pulls:pulls{/number}",
        "releases:releases{/id}",
        "stargazers:stargazers",
        "statuses:statuses/{sha}",
        "subscribers:subscribers",
        "subscription:subscription",
        "tags:tags",
        "teams:teams",
        "trees:git/trees{/sha}",
    ];

    private static readonly string[] s_counts = ["forks", "forks_count", "open_issues", "open_issues_count", "size"];

    private static readonly string[] s_stars = ["stargazers_count", "watchers", "watchers_count"];

    public string RepositoryUrl(SimulatedRepository repository) => Url($"repos/{repository.FullName}");

    public JsonObject Repository(SimulatedRepository repository)
    {
        JsonObject json = new()
        {
            ["id"] = repository.Id,
            ["node_id"] = Node("R", repository.Id),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["private"] = repository.Private,
            ["owner"] = Account(repository.Owner),
            ["html_url"] = Url(repository.FullName),
            ["description"] = null,
            ["fork"] = false,
            ["url"] = RepositoryUrl(repository),
        };
        foreach (var link in s_repositoryLinks)
        {
            var parts = link.Split(':', 2);
            json[$"{parts[0]}_url"] = $"{RepositoryUrl(repository)}/{parts[1]}";
        }
        foreach (var count in s_counts.Concat(s_stars))
        {
            json[count] = 0;
        }
        foreach (var feature in new[] { "issues", "projects", "downloads", "wiki" })
        {
            json[$"has_{feature}"] = true;
        }
        (json["has_pages"], json["has_discussions"], json["disabled"]) = (false, false, false);
        json["clone_url"] = Url($"{repository.FullName}.git");
        json["git_url"] = $"git://{root.Authority}/{repository.FullName}.git";
        json["ssh_url"] = $"git@{root.Host}:{repository.FullName}.git";
        json["svn_url"] = Url(repository.FullName);
        (json["homepage"], json["language"], json["license"], json["mirror_url"]) = (null, null, null, null);
        json["topics"] = new JsonArray();
        json["archived"] = repository.Archived;
        json["visibility"] = repository.Private ? "private" : "public";
        json["default_branch"] = repository.DefaultBranch;
        json["created_at"] = Text(repository.CreatedAt);
        json["updated_at"] = Text(repository.CreatedAt);
        json["pushed_at"] = Text(repository.PushedAt);
        return json;
    }

    /// <summary>What reading one repository shows beyond what lists show.</summary>
    public JsonObject FullRepository(SimulatedRepository repository)
    {
        var json = Repository(repository);
        (json["network_count"], json["subscribers_count"]) = (0, 0);
        return json;
    }
}
