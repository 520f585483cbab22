using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Pull requests.</summary>
internal static class PullsApi
{
    public static Answer List(GitHubCall call)
    {
        bool Fits(SimulatedIssue pull) =>
            pull.Merge is { } merge
            && IssuesApi.Fits(call, pull)
            && (call.Query("head") is not { } head || head == $"{call.Repository.Owner}:{merge.Head}" || !head.Contains(':'))
            && (call.Query("base") is not { } @base || @base == merge.Base);

        return call.Page([.. call.Repository.Talk.All.Where(Fits).Reverse()], pull => call.Shapes.Pull(call.Repository, pull));
    }

    public static Answer Get(GitHubCall call) =>
        Find(call) is { } pull ? Answer.Ok(call.Shapes.FullPull(call.Repository, pull)) : Answer.NotFound();

    public static Answer Update(GitHubCall call)
    {
        if (Find(call) is not { } pull)
        {
            return Answer.NotFound();
        }
        IssuesApi.Change(call, pull);
        return Answer.Ok(call.Shapes.FullPull(call.Repository, pull));
    }

    public static Answer Create(GitHubCall call)
    {
        var (title, head, @base) = (call.Text("title"), Local(call, call.Text("head")), call.Text("base"));
        if (title is not { Length: > 0 } || head is null || @base is null)
        {
            return Answer.Invalid(
                "PullRequest",
                title is null ? "title"
                    : head is null ? "head"
                    : "base",
                "missing_field"
            );
        }
        var story = call.Repository.Story;
        if (story.Branch(@base) is not { } to)
        {
            return Answer.Invalid("PullRequest", "base", "invalid");
        }
        if (story.Branch(head) is not { } from)
        {
            return Answer.Invalid("PullRequest", "head", "invalid");
        }
        if (story.Log(to).Any(commit => commit.Sha == from))
        {
            return Custom($"No commits between {@base} and {head}");
        }
        if (
            call.Repository.Talk.All.Any(pull =>
                pull is { IsOpen: true, Merge: { } merge } && merge.Head == head && merge.Base == @base
            )
        )
        {
            return Custom($"A pull request already exists for {call.Repository.Owner}:{head}.");
        }
        var draft = call.Body["draft"] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
        var made = call.Repository.Talk.OpenPull(IssuesApi.Author(call), title, head, @base, call.Text("body"), draft);
        return Answer.Created(call.Shapes.FullPull(call.Repository, made));
    }

    private static SimulatedIssue? Find(GitHubCall call) =>
        call.Repository.Talk.Find(call.Number("pull_number")) is { Merge: not null } pull ? pull : null;

    // `owner:branch` of the same owner is the branch; forks are not simulated.
    private static string? Local(GitHubCall call, string? head) =>
        head?.StartsWith($"{call.Repository.Owner}:", StringComparison.OrdinalIgnoreCase) == true
            ? head[(call.Repository.Owner.Length + 1)..]
            : head;

    private static Answer Custom(string message) =>
        Answer.Error(
            422,
            "Validation Failed",
            [
                new JsonObject
                {
                    ["resource"] = "PullRequest",
                    ["code"] = "custom",
                    ["message"] = message,
                },
            ]
        );
}
