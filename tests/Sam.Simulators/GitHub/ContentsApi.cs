using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Files and folders by path.</summary>
internal static class ContentsApi
{
    public static Answer Get(GitHubCall call)
    {
        var (story, path) = (call.Repository.Story, call.Values.GetValueOrDefault("path", ""));
        var reference = call.Query("ref") ?? call.Repository.DefaultBranch;
        if (story.Resolve(reference) is not { } sha)
        {
            return Answer.Error(404, $"No commit found for the ref {reference}");
        }
        if (story.Find(story.Commit(sha)!.Tree, path) is not { } found)
        {
            return Answer.NotFound();
        }
        if (call.Request.Header("Accept")?.Contains("raw", StringComparison.Ordinal) == true && found.Type == "blob")
        {
            return new Answer(200, null) { Raw = story.Objects.Read(found.Sha)!.Content };
        }
        if (found.Type != "tree")
        {
            return Answer.Ok(call.Shapes.Content(call.Repository, found, reference, whole: true));
        }
        var prefix = path.Length == 0 ? "" : $"{path.Trim('/')}/";
        var entries = story.Entries(found.Sha, deep: false, prefix);
        return Answer.Ok(
            new JsonArray([.. entries.Select(entry => call.Shapes.Content(call.Repository, entry, reference, whole: false))])
        );
    }

    public static Answer Put(GitHubCall call)
    {
        var content = new byte[(call.Text("content") ?? "").Length];
        if (call.Text("message") is not { } message || call.Text("content") is not { } text)
        {
            return Answer.Error(422, "Invalid request.\n\n\"message\" and \"content\" weren't supplied.");
        }
        return Convert.TryFromBase64String(text, content, out var length)
            ? Write(call, message, content[..length])
            : Answer.Error(422, "content is not valid Base64");
    }

    public static Answer Delete(GitHubCall call) =>
        call.Text("message") is { } message && call.Text("sha") is not null
            ? Write(call, message, content: null)
            : Answer.Error(422, "Invalid request.\n\n\"message\" and \"sha\" weren't supplied.");

    private static Answer Write(GitHubCall call, string message, byte[]? content)
    {
        var (story, path) = (call.Repository.Story, call.Values["path"].Trim('/'));
        var branch = call.Text("branch") ?? call.Repository.DefaultBranch;
        if (
            path.StartsWith(".github/workflows/", StringComparison.Ordinal)
            && !call.Caller.May(call.Repository, "workflows", Level.Write)
        )
        {
            return Answer.Forbidden();
        }
        var head = story.Branch(branch);
        if (head is null && story.Objects.Refs().Count > 0)
        {
            return Answer.Error(404, $"Branch {branch} not found");
        }
        var old = head is null ? null : story.Find(story.Commit(head)!.Tree, path);
        if (old is null && content is null)
        {
            return Answer.NotFound();
        }
        if (old?.Sha != call.Text("sha"))
        {
            return old is not null && call.Text("sha") is null
                ? Answer.Error(422, "Invalid request.\n\n\"sha\" wasn't supplied.")
                : Answer.Error(409, $"{path} does not match {call.Text("sha")}");
        }
        var before = call.Repository.Refs();
        var commit = story.Put(branch, path, content, message, call.World.Now);
        call.World.Pushed(call.Repository, before);
        var json = new JsonObject
        {
            ["content"] =
                story.Find(commit.Tree, path) is { } entry && content is not null
                    ? call.Shapes.Content(call.Repository, entry, branch, whole: false)
                    : null,
            ["commit"] = call.Shapes.BareCommit(call.Repository, commit),
        };
        return old is null ? Answer.Created(json) : Answer.Ok(json);
    }
}
