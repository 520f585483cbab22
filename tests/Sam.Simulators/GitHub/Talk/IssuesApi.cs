using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Issues and comments.</summary>
internal static class IssuesApi
{
    public static Answer List(GitHubCall call) =>
        call.Page(
            [.. call.Repository.Talk.All.Where(issue => Fits(call, issue)).Reverse()],
            issue => call.Shapes.Issue(call.Repository, issue)
        );

    public static Answer Get(GitHubCall call) =>
        call.Repository.Talk.Find(call.Number("issue_number")) is { } issue
            ? Answer.Ok(call.Shapes.Issue(call.Repository, issue))
            : Answer.NotFound();

    public static Answer Create(GitHubCall call)
    {
        if (call.Text("title") is not { Length: > 0 } title)
        {
            return Answer.Invalid("Issue", "title", "missing_field");
        }
        var issue = call.Repository.Talk.OpenIssue(Author(call), title, call.Text("body"), Labels(call));
        return Answer.Created(call.Shapes.Issue(call.Repository, issue));
    }

    public static Answer Update(GitHubCall call)
    {
        if (call.Repository.Talk.Find(call.Number("issue_number")) is not { } issue)
        {
            return Answer.NotFound();
        }
        Change(call, issue);
        return Answer.Ok(call.Shapes.Issue(call.Repository, issue));
    }

    public static Answer Comments(GitHubCall call) =>
        call.Repository.Talk.Find(call.Number("issue_number")) is { } issue
            ? call.Page([.. issue.Comments], comment => call.Shapes.Comment(call.Repository, issue, comment))
            : Answer.NotFound();

    public static Answer Comment(GitHubCall call)
    {
        if (call.Repository.Talk.Find(call.Number("issue_number")) is not { } issue)
        {
            return Answer.NotFound();
        }
        if (call.Text("body") is not { Length: > 0 } text)
        {
            return Answer.Invalid("IssueComment", "body", "missing_field");
        }
        var comment = call.Repository.Talk.Comment(issue, Author(call), text);
        return Answer.Created(call.Shapes.Comment(call.Repository, issue, comment));
    }

    /// <summary>Changes title, body and state as the body of the call says.</summary>
    public static void Change(GitHubCall call, SimulatedIssue issue)
    {
        var by = Author(call);
        if (call.Text("title") is { Length: > 0 } || call.Text("body") is not null)
        {
            call.Repository.Talk.Change(
                issue,
                "edited",
                by,
                () => (issue.Title, issue.Body) = (call.Text("title") ?? issue.Title, call.Text("body") ?? issue.Body)
            );
        }
        if (call.Text("state") is { } state && state == "open" != issue.IsOpen)
        {
            call.Repository.Talk.Close(issue, by, again: state == "open");
        }
    }

    public static string Author(GitHubCall call) =>
        call.Caller is Caller.OfPerson person ? person.Person.Login : $"{call.Caller.AppBehind?.Slug}[bot]";

    public static bool Fits(GitHubCall call, SimulatedIssue issue) =>
        (call.Query("state") ?? "open") switch
        {
            "open" => issue.IsOpen,
            "closed" => !issue.IsOpen,
            _ => true,
        };

    private static string[] Labels(GitHubCall call) =>
        call.Body["labels"] is JsonArray labels
            ?
            [
                .. labels
                    .OfType<JsonValue>()
                    .Where(label => label.GetValueKind() == JsonValueKind.String)
                    .Select(label => $"{label}"),
            ]
            : [];
}
