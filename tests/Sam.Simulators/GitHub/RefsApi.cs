using System.Buffers;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>Refs and branches.</summary>
internal static class RefsApi
{
    private static readonly SearchValues<char> s_refused = SearchValues.Create(" ~^:?*[\\");

    public static Answer Get(GitHubCall call)
    {
        var name = $"refs/{call.Values["ref"]}";
        return call.Repository.Story.Objects.Refs().TryGetValue(name, out var sha)
            ? Answer.Ok(call.Shapes.Ref(call.Repository, name, sha))
            : Missing(call);
    }

    public static Answer Matching(GitHubCall call)
    {
        var start = $"refs/{call.Values.GetValueOrDefault("ref")}";
        var found = call.Repository.Story.Objects.Refs().Where(pair => pair.Key.StartsWith(start, StringComparison.Ordinal));
        return call.Page(
            [.. found.OrderBy(pair => pair.Key, StringComparer.Ordinal)],
            pair => call.Shapes.Ref(call.Repository, pair.Key, pair.Value)
        );
    }

    public static Answer Create(GitHubCall call)
    {
        var (name, sha) = (call.Text("ref"), call.Text("sha"));
        if (name is null || !IsRefName(name))
        {
            return Answer.Error(422, $"{name} is not a valid ref name.");
        }
        if (sha is null || !GitStory.IsSha(sha) || call.Repository.Story.Objects.Read(sha) is null)
        {
            return Answer.Error(422, "Object does not exist");
        }
        if (call.Repository.Story.Objects.Refs().ContainsKey(name))
        {
            return Answer.Error(422, "Reference already exists");
        }
        Set(call, name, sha);
        return Answer.Created(call.Shapes.Ref(call.Repository, name, sha));
    }

    public static Answer Update(GitHubCall call)
    {
        var name = $"refs/{call.Values["ref"]}";
        var story = call.Repository.Story;
        if (!story.Objects.Refs().TryGetValue(name, out var old))
        {
            return Answer.Error(422, "Reference does not exist");
        }
        if (call.Text("sha") is not { } sha || story.Commit(sha) is null)
        {
            return Answer.Error(422, "Object does not exist");
        }
        var forced = call.Body["force"] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
        if (!forced && story.Log(sha).All(commit => commit.Sha != old))
        {
            return Answer.Error(422, "Update is not a fast forward");
        }
        Set(call, name, sha);
        return Answer.Ok(call.Shapes.Ref(call.Repository, name, sha));
    }

    public static Answer Delete(GitHubCall call)
    {
        var name = $"refs/{call.Values["ref"]}";
        if (!call.Repository.Story.Objects.Refs().ContainsKey(name))
        {
            return Answer.Error(422, "Reference does not exist");
        }
        Set(call, name, null);
        return Answer.NoContent();
    }

    public static Answer Branches(GitHubCall call) =>
        call.Page([.. call.Repository.Story.Branches()], branch => call.Shapes.Branch(call.Repository, branch.Name, branch.Sha));

    public static Answer Branch(GitHubCall call)
    {
        var (story, name) = (call.Repository.Story, call.Values["branch"]);
        return story.Branch(name) is { } sha
            ? Answer.Ok(call.Shapes.FullBranch(call.Repository, name, story.Commit(sha)!))
            : Answer.Error(404, "Branch not found");
    }

    /// <summary>404, or 409 in a repository without a commit.</summary>
    public static Answer Missing(GitHubCall call) =>
        call.Repository.Story.Objects.Refs().Count == 0 ? Answer.Error(409, "Git Repository is empty.") : Answer.NotFound();

    private static void Set(GitHubCall call, string name, string? sha)
    {
        var before = call.Repository.Refs();
        call.Repository.Story.Objects.Set(name, sha);
        call.World.Pushed(call.Repository, before);
    }

    private static bool IsRefName(string name) =>
        name.StartsWith("refs/", StringComparison.Ordinal)
        && name.Split('/') is { Length: >= 3 } parts
        && parts.All(part => part.Length > 0 && !part.StartsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal))
        && !name.Contains("..", StringComparison.Ordinal)
        && name.AsSpan().IndexOfAny(s_refused) < 0;
}
