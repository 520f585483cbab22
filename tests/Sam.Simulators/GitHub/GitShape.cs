using System.Text.Json.Nodes;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>Refs, commits, trees and files as GitHub writes them.</summary>
internal sealed partial class Shapes
{
    public JsonObject Ref(SimulatedRepository repository, string name, string sha) =>
        new()
        {
            ["ref"] = name,
            ["node_id"] = Node("REF", repository.Id),
            ["url"] = $"{RepositoryUrl(repository)}/git/{name}",
            ["object"] = new JsonObject
            {
                ["type"] = repository.Story.Objects.Read(sha)?.Type ?? "commit",
                ["sha"] = sha,
                ["url"] = $"{RepositoryUrl(repository)}/git/commits/{sha}",
            },
        };

    public JsonObject Branch(SimulatedRepository repository, string name, string sha) =>
        new()
        {
            ["name"] = name,
            ["commit"] = Pointer(repository, sha),
            ["protected"] = false,
        };

    public JsonObject FullBranch(SimulatedRepository repository, string name, GitCommit commit)
    {
        var self = $"{RepositoryUrl(repository)}/branches/{name}";
        return new JsonObject
        {
            ["name"] = name,
            ["commit"] = Commit(repository, commit),
            ["_links"] = new JsonObject { ["self"] = self, ["html"] = Url($"{repository.FullName}/tree/{name}") },
            ["protected"] = false,
            ["protection"] = new JsonObject { ["enabled"] = false },
            ["protection_url"] = $"{self}/protection",
        };
    }

    public JsonObject Commit(SimulatedRepository repository, GitCommit commit) =>
        new()
        {
            ["sha"] = commit.Sha,
            ["node_id"] = Node("C", repository.Id),
            ["commit"] = new JsonObject
            {
                ["author"] = Signature(commit.Author),
                ["committer"] = Signature(commit.Committer),
                ["message"] = commit.Message,
                ["tree"] = TreePointer(repository, commit.Tree),
                ["url"] = $"{RepositoryUrl(repository)}/git/commits/{commit.Sha}",
                ["comment_count"] = 0,
                ["verification"] = Unverified(),
            },
            ["url"] = $"{RepositoryUrl(repository)}/commits/{commit.Sha}",
            ["html_url"] = Url($"{repository.FullName}/commit/{commit.Sha}"),
            ["comments_url"] = $"{RepositoryUrl(repository)}/commits/{commit.Sha}/comments",
            ["author"] = null,
            ["committer"] = null,
            ["parents"] = Parents(repository, commit),
        };

    public JsonObject BareCommit(SimulatedRepository repository, GitCommit commit) =>
        new()
        {
            ["sha"] = commit.Sha,
            ["node_id"] = Node("C", repository.Id),
            ["url"] = $"{RepositoryUrl(repository)}/git/commits/{commit.Sha}",
            ["html_url"] = Url($"{repository.FullName}/commit/{commit.Sha}"),
            ["author"] = Signature(commit.Author),
            ["committer"] = Signature(commit.Committer),
            ["tree"] = TreePointer(repository, commit.Tree),
            ["message"] = commit.Message,
            ["parents"] = Parents(repository, commit),
            ["verification"] = Unverified(),
        };

    public JsonObject TreeEntry(SimulatedRepository repository, GitEntry entry)
    {
        JsonObject json = new()
        {
            ["path"] = entry.Path,
            ["mode"] = entry.Mode,
            ["type"] = entry.Type,
            ["sha"] = entry.Sha,
        };
        if (entry.Type == "blob")
        {
            json["size"] = repository.Story.Objects.Read(entry.Sha)!.Content.Length;
        }
        if (entry.Type != "commit")
        {
            json["url"] = $"{RepositoryUrl(repository)}/git/{entry.Type}s/{entry.Sha}";
        }
        return json;
    }

    public JsonObject Content(SimulatedRepository repository, GitEntry entry, string reference, bool whole)
    {
        var file = entry.Type == "blob" ? repository.Story.Objects.Read(entry.Sha)!.Content : [];
        var self = $"{RepositoryUrl(repository)}/contents/{entry.Path}?ref={Uri.EscapeDataString(reference)}";
        var html = Url($"{repository.FullName}/{(entry.Type == "tree" ? "tree" : "blob")}/{reference}/{entry.Path}");
        var git = $"{RepositoryUrl(repository)}/git/{entry.Type}s/{entry.Sha}";
        JsonObject json = new()
        {
            ["name"] = entry.Path.Split('/')[^1],
            ["path"] = entry.Path,
            ["sha"] = entry.Sha,
            ["size"] = file.Length,
            ["url"] = self,
            ["html_url"] = html,
            ["git_url"] = git,
            ["download_url"] = entry.Type == "blob" ? Url($"{repository.FullName}/raw/{reference}/{entry.Path}") : null,
            ["type"] = entry switch
            {
                { Mode: "120000" } => "symlink",
                { Type: "tree" } => "dir",
                { Type: "commit" } => "submodule",
                _ => "file",
            },
            ["_links"] = new JsonObject
            {
                ["self"] = self,
                ["git"] = git,
                ["html"] = html,
            },
        };
        if (whole)
        {
            // GitHub breaks lines, as MIME does.
            var text = Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks).Replace("\r\n", "\n");
            json["content"] = text.Length == 0 ? "" : text + "\n";
            json["encoding"] = "base64";
        }
        return json;
    }

    private JsonObject Pointer(SimulatedRepository repository, string sha) =>
        new() { ["sha"] = sha, ["url"] = $"{RepositoryUrl(repository)}/commits/{sha}" };

    private JsonObject TreePointer(SimulatedRepository repository, string sha) =>
        new() { ["sha"] = sha, ["url"] = $"{RepositoryUrl(repository)}/git/trees/{sha}" };

    private JsonArray Parents(SimulatedRepository repository, GitCommit commit) =>
        [
            .. commit.Parents.Select(sha =>
            {
                var pointer = Pointer(repository, sha);
                pointer["html_url"] = Url($"{repository.FullName}/commit/{sha}");
                return (JsonNode)pointer;
            }),
        ];

    private static JsonObject Signature(GitSignature who) =>
        new()
        {
            ["name"] = who.Name,
            ["email"] = who.Email,
            ["date"] = Text(who.At),
        };

    private static JsonObject Unverified() =>
        new()
        {
            ["verified"] = false,
            ["reason"] = "unsigned",
            ["signature"] = null,
            ["payload"] = null,
            ["verified_at"] = null,
        };
}
