using System.Text.Json.Nodes;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>What the world tells the Apps when something happens in it.</summary>
internal sealed partial class GitHubWorld
{
    public GitHubWebhooks Webhooks { get; set; } = null!;

    private Shapes Shape => new(BaseAddress);

    public IReadOnlyList<SimulatedInstallation> Reaching(SimulatedRepository repository) =>
        [.. Installations.Values.Where(installation => installation.Reaches(repository))];

    /// <summary>Puts an event into the queues; the lock is held.</summary>
    public void Raise(string name, IReadOnlyList<SimulatedInstallation> told, SimulatedRepository? repository, JsonObject payload)
    {
        foreach (var installation in told)
        {
            Webhooks.Raise(name, installation, repository, payload);
        }
        Webhooks.Raised?.Invoke();
    }

    public void Changed(
        SimulatedInstallation installation,
        string kind,
        string action,
        Func<IReadOnlyList<SimulatedRepository>> change
    )
    {
        lock (Lock)
        {
            var payload = Told(installation, action, change());
            Raise(kind, [installation], null, payload);
        }
    }

    /// <summary>Tells of refs that are not what they were.</summary>
    public void Pushed(SimulatedRepository repository, Dictionary<string, string> before)
    {
        lock (Lock)
        {
            var after = repository.Refs();
            foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
            {
                var (old, now) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
                if (old != now)
                {
                    repository.PushedAt = Now;
                    Raise("push", Reaching(repository), repository, Push(repository, name, old, now));
                }
            }
        }
    }

    private void Moved(
        SimulatedRepository repository,
        (string Owner, string Name) from,
        string action,
        IReadOnlyList<SimulatedInstallation> told
    )
    {
        var changes =
            action == "renamed"
                ? new JsonObject { ["repository"] = new JsonObject { ["name"] = new JsonObject { ["from"] = from.Name } } }
                : new JsonObject
                {
                    ["owner"] = new JsonObject
                    {
                        ["from"] = new JsonObject { ["organization"] = Shape.Organization(from.Owner) },
                    },
                };
        Raise("repository", told, repository, new JsonObject { ["action"] = action, ["changes"] = changes });
    }

    private JsonObject Told(SimulatedInstallation installation, string action, IEnumerable<SimulatedRepository> repositories)
    {
        var list = new JsonArray([.. repositories.Select(repository => (JsonNode)Brief(repository))]);
        JsonObject payload = new() { ["action"] = action, ["installation"] = Shape.Installation(installation) };
        if (action is "added" or "removed")
        {
            payload["repository_selection"] = installation.IsForAll ? "all" : "selected";
            payload["repositories_added"] = action == "added" ? list : new JsonArray();
            payload["repositories_removed"] = action == "removed" ? list : new JsonArray();
        }
        else
        {
            payload["repositories"] = list;
        }
        payload["requester"] = null;
        return payload;
    }

    private static JsonObject Brief(SimulatedRepository repository) =>
        new()
        {
            ["id"] = repository.Id,
            ["node_id"] = Shapes.Node("R", repository.Id),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["private"] = repository.Private,
        };

    private JsonObject Push(SimulatedRepository repository, string name, string? old, string? now)
    {
        var nothing = new string('0', 40);
        var known = repository.Story.Log(old).Select(commit => commit.Sha).ToHashSet();
        var all = repository.Story.Log(now).ToList();
        var commits = all.Where(commit => !known.Contains(commit.Sha))
            .Reverse()
            .Select(commit => PushedCommit(repository, commit));
        return new JsonObject
        {
            ["ref"] = name,
            ["before"] = old ?? nothing,
            ["after"] = now ?? nothing,
            ["created"] = old is null,
            ["deleted"] = now is null,
            ["forced"] = old is not null && now is not null && all.TrueForAll(commit => commit.Sha != old),
            ["base_ref"] = null,
            ["compare"] = Shape.Url($"{repository.FullName}/compare/{old}...{now}"),
            ["commits"] = new JsonArray([.. commits]),
            ["head_commit"] = now is null || repository.Story.Commit(now) is not { } head ? null : PushedCommit(repository, head),
            ["pusher"] = new JsonObject { ["name"] = "somebody", ["email"] = "somebody@example.invalid" },
        };
    }

    private JsonObject PushedCommit(SimulatedRepository repository, GitCommit commit)
    {
        JsonObject Who(GitSignature who) => new() { ["name"] = who.Name, ["email"] = who.Email };
        return new JsonObject
        {
            ["id"] = commit.Sha,
            ["tree_id"] = commit.Tree,
            ["distinct"] = true,
            ["message"] = commit.Message,
            ["timestamp"] = Shapes.Text(commit.Committer.At),
            ["url"] = Shape.Url($"{repository.FullName}/commit/{commit.Sha}"),
            ["author"] = Who(commit.Author),
            ["committer"] = Who(commit.Committer),
            ["added"] = new JsonArray(),
            ["removed"] = new JsonArray(),
            ["modified"] = new JsonArray(),
        };
    }
}
