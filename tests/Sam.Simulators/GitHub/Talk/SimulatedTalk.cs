using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>The issues and pull requests of one repository, and what is told of them.</summary>
public sealed class SimulatedTalk
{
    private readonly GitHubWorld _world;
    private readonly SimulatedRepository _repository;
    private readonly List<SimulatedIssue> _issues = [];

    internal SimulatedTalk(GitHubWorld world, SimulatedRepository repository) => (_world, _repository) = (world, repository);

    /// <summary>All of them, pull requests too.</summary>
    public IReadOnlyList<SimulatedIssue> All
    {
        get
        {
            lock (_world.Lock)
            {
                return [.. _issues];
            }
        }
    }

    /// <summary>Opens an issue as somebody.</summary>
    public SimulatedIssue OpenIssue(string author, string title, string? body = null, params IReadOnlyList<string> labels) =>
        Open(new SimulatedIssue(_world.NextId(), _issues.Count + 1, author, title, body, _world.Now) { Labels = labels });

    /// <summary>Opens a pull request as somebody.</summary>
    public SimulatedIssue OpenPull(
        string author,
        string title,
        string head,
        string @base,
        string? body = null,
        bool draft = false
    ) =>
        Open(
            new SimulatedIssue(_world.NextId(), _issues.Count + 1, author, title, body, _world.Now)
            {
                Merge = new SimulatedMerge(head, @base, draft),
            }
        );

    /// <summary>Says something about one.</summary>
    public SimulatedComment Comment(SimulatedIssue issue, string author, string text)
    {
        lock (_world.Lock)
        {
            var comment = new SimulatedComment(_world.NextId(), author, text, _world.Now);
            issue.SaidSoFar.Add(comment);
            issue.UpdatedAt = _world.Now;
            Raise(
                "issue_comment",
                "created",
                author,
                shapes => new JsonObject
                {
                    ["issue"] = shapes.Issue(_repository, issue),
                    ["comment"] = shapes.Comment(_repository, issue, comment),
                }
            );
            return comment;
        }
    }

    /// <summary>Closes one, or opens it again.</summary>
    public void Close(SimulatedIssue issue, string by, bool again = false) =>
        Change(issue, again ? "reopened" : "closed", by, () => issue.ClosedAt = again ? null : _world.Now);

    /// <summary>Puts labels on one.</summary>
    public void Label(SimulatedIssue issue, string by, params IReadOnlyList<string> labels) =>
        Change(issue, "labeled", by, () => issue.Labels = labels);

    internal SimulatedIssue? Find(long number) => _issues.Find(issue => issue.Number == number);

    internal void Change(SimulatedIssue issue, string action, string by, Action change)
    {
        lock (_world.Lock)
        {
            change();
            issue.UpdatedAt = _world.Now;
            Tell(issue, action, by);
        }
    }

    private SimulatedIssue Open(SimulatedIssue issue)
    {
        lock (_world.Lock)
        {
            _issues.Add(issue);
            Tell(issue, "opened", issue.Author);
            return issue;
        }
    }

    private void Tell(SimulatedIssue issue, string action, string by)
    {
        if (issue.Merge is null)
        {
            Raise("issues", action, by, shapes => new JsonObject { ["issue"] = shapes.Issue(_repository, issue) });
            return;
        }
        Raise(
            "pull_request",
            action,
            by,
            shapes => new JsonObject { ["number"] = issue.Number, ["pull_request"] = shapes.FullPull(_repository, issue) }
        );
    }

    private void Raise(string name, string action, string by, Func<Shapes, JsonObject> payload)
    {
        var shapes = new Shapes(_world.BaseAddress);
        var whole = payload(shapes);
        (whole["action"], whole["sender"]) = (action, shapes.Person(by));
        _world.Raise(name, _world.Reaching(_repository), _repository, whole);
    }
}
