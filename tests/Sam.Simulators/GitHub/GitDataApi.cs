using System.Text.Json.Nodes;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>Trees, blobs, commits and comparisons.</summary>
internal static class GitDataApi
{
    private const int MostEntries = 100_000;

    public static Answer Tree(GitHubCall call)
    {
        var (story, name) = (call.Repository.Story, call.Values["tree_sha"]);
        var tree = TreeOf(story, name);
        if (tree is null)
        {
            return RefsApi.Missing(call);
        }
        var entries = story.Entries(tree, deep: !string.IsNullOrEmpty(call.Query("recursive"))).ToList();
        var kept = call.Struck(GitHubFaults.TreeTruncated) is null ? MostEntries : 1;
        return Answer.Ok(
            new JsonObject
            {
                ["sha"] = tree,
                ["url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/git/trees/{tree}",
                ["tree"] = new JsonArray([.. entries.Take(kept).Select(entry => call.Shapes.TreeEntry(call.Repository, entry))]),
                ["truncated"] = entries.Count > kept,
            }
        );
    }

    public static Answer Blob(GitHubCall call)
    {
        var sha = call.Values["file_sha"];
        if (!GitStory.IsSha(sha) || call.Repository.Story.Objects.Read(sha) is not { Type: "blob" } blob)
        {
            return RefsApi.Missing(call);
        }
        return Answer.Ok(
            new JsonObject
            {
                ["sha"] = sha,
                ["node_id"] = Shapes.Node("B", call.Repository.Id),
                ["size"] = blob.Content.Length,
                ["url"] = $"{call.Shapes.RepositoryUrl(call.Repository)}/git/blobs/{sha}",
                ["content"] = Convert.ToBase64String(blob.Content),
                ["encoding"] = "base64",
            }
        );
    }

    public static Answer BareCommit(GitHubCall call) =>
        call.Repository.Story.Commit(call.Values["commit_sha"]) is { } commit
            ? Answer.Ok(call.Shapes.BareCommit(call.Repository, commit))
            : RefsApi.Missing(call);

    public static Answer Commits(GitHubCall call)
    {
        var story = call.Repository.Story;
        return story.Resolve(call.Query("sha") ?? call.Repository.DefaultBranch) is { } from
            ? call.Page([.. story.Log(from)], commit => call.Shapes.Commit(call.Repository, commit))
            : RefsApi.Missing(call);
    }

    public static Answer Commit(GitHubCall call)
    {
        var story = call.Repository.Story;
        if (story.Resolve(call.Values["ref"]) is not { } sha || story.Commit(sha) is not { } commit)
        {
            return story.Objects.Refs().Count == 0
                ? RefsApi.Missing(call)
                : Answer.Error(422, $"No commit found for SHA: {call.Values["ref"]}");
        }
        var json = call.Shapes.Commit(call.Repository, commit);
        json["stats"] = new JsonObject
        {
            ["additions"] = 0,
            ["deletions"] = 0,
            ["total"] = 0,
        };
        json["files"] = new JsonArray();
        return Answer.Ok(json);
    }

    public static Answer Compare(GitHubCall call)
    {
        var (story, names) = (call.Repository.Story, call.Values["basehead"].Split("..."));
        if (names.Length != 2 || story.Resolve(names[0]) is not { } one || story.Resolve(names[1]) is not { } other)
        {
            return Answer.NotFound();
        }
        var (before, after) = (story.Log(one).ToList(), story.Log(other).ToList());
        var known = before.Select(commit => commit.Sha).ToHashSet();
        var ahead = after.Where(commit => !known.Contains(commit.Sha)).ToList();
        var reached = after.Select(commit => commit.Sha).ToHashSet();
        var behind = before.Count(commit => !reached.Contains(commit.Sha));
        if (before.Find(commit => reached.Contains(commit.Sha)) is not { } shared)
        {
            return Answer.Error(404, $"No common ancestor between {names[0]} and {names[1]}.");
        }
        return Answer.Ok(Comparison(call, (names[0], names[1]), story.Commit(one)!, shared, ahead, behind));
    }

    private static JsonObject Comparison(
        GitHubCall call,
        (string Base, string Head) names,
        GitCommit from,
        GitCommit shared,
        List<GitCommit> ahead,
        int behind
    )
    {
        var (url, html) = (
            $"{call.Shapes.RepositoryUrl(call.Repository)}/compare/{names.Base}...{names.Head}",
            call.Shapes.Url($"{call.Repository.FullName}/compare/{names.Base}...{names.Head}")
        );
        ahead.Reverse();
        return new JsonObject
        {
            ["url"] = url,
            ["html_url"] = html,
            ["permalink_url"] = html,
            ["diff_url"] = $"{html}.diff",
            ["patch_url"] = $"{html}.patch",
            ["base_commit"] = call.Shapes.Commit(call.Repository, from),
            ["merge_base_commit"] = call.Shapes.Commit(call.Repository, shared),
            ["status"] = (ahead.Count, behind) switch
            {
                (0, 0) => "identical",
                (_, 0) => "ahead",
                (0, _) => "behind",
                _ => "diverged",
            },
            ["ahead_by"] = ahead.Count,
            ["behind_by"] = behind,
            ["total_commits"] = ahead.Count,
            ["commits"] = new JsonArray([.. ahead.Select(commit => call.Shapes.Commit(call.Repository, commit))]),
            ["files"] = new JsonArray(),
        };
    }

    private static string? TreeOf(GitStory story, string name)
    {
        if (GitStory.IsSha(name) && story.Objects.Read(name) is { Type: "tree" })
        {
            return name;
        }
        return story.Resolve(name) is { } sha ? story.Commit(sha)?.Tree : null;
    }
}
