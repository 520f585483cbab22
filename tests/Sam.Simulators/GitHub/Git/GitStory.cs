using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Branches, commits and trees of one repository, read from its objects.</summary>
internal sealed class GitStory(IGitObjects objects)
{
    public const string Heads = "refs/heads/";

    public IGitObjects Objects { get; } = objects;

    public IEnumerable<(string Name, string Sha)> Branches() =>
        Objects
            .Refs()
            .Where(pair => pair.Key.StartsWith(Heads, StringComparison.Ordinal))
            .Select(pair => (pair.Key[Heads.Length..], pair.Value))
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal);

    public string? Branch(string name) => Objects.Refs().GetValueOrDefault(Heads + name);

    /// <summary>The commit that a branch, a tag, a ref or an id names.</summary>
    public string? Resolve(string name)
    {
        var refs = Objects.Refs();
        var found =
            refs.GetValueOrDefault(Heads + name)
            ?? refs.GetValueOrDefault("refs/tags/" + name)
            ?? refs.GetValueOrDefault("refs/" + name)
            ?? refs.GetValueOrDefault(name)
            ?? (IsSha(name) ? name : null);
        return found is null ? null : Peel(found);
    }

    public GitCommit? Commit(string sha) =>
        IsSha(sha) && Objects.Read(sha) is { Type: "commit" } found ? GitCommit.Parse(sha, found) : null;

    /// <summary>The entries of a tree, or of those below it too, each with its whole path.</summary>
    public IEnumerable<GitEntry> Entries(string tree, bool deep, string prefix = "")
    {
        foreach (var entry in GitEntry.Parse(Objects.Read(tree)?.Content ?? []))
        {
            var whole = entry with { Path = prefix + entry.Path };
            yield return whole;
            if (deep && entry.Type == "tree")
            {
                foreach (var inner in Entries(entry.Sha, deep, $"{whole.Path}/"))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>What stands at a path of a tree; the tree itself at the empty path.</summary>
    public GitEntry? Find(string tree, string path)
    {
        GitEntry? found = new("040000", "", tree);
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found?.Type == "tree" ? Entries(found.Sha, deep: false).FirstOrDefault(entry => entry.Path == part) : null;
        }
        return found is null ? null : found with { Path = path };
    }

    /// <summary>A commit and what came before it, newest first.</summary>
    public IEnumerable<GitCommit> Log(string? from)
    {
        HashSet<string> seen = [];
        var waiting = new Queue<string>(from is null ? [] : [from]);
        while (waiting.TryDequeue(out var sha))
        {
            if (seen.Add(sha) && Commit(sha) is { } commit)
            {
                yield return commit;
                foreach (var parent in commit.Parents)
                {
                    waiting.Enqueue(parent);
                }
            }
        }
    }

    /// <summary>Commits one changed file, or its removal, on a branch, which is made if it is missing.</summary>
    public GitCommit Put(string branch, string path, byte[]? content, string message, DateTimeOffset now)
    {
        var parent = Branch(branch);
        var blob = content is null ? null : Objects.Write("blob", content);
        var old = parent is null ? null : Commit(parent)!.Tree;
        var tree = WithFile(old, path.Split('/'), blob) ?? Objects.Write("tree", []);
        var sha = Objects.Write("commit", GitCommit.Format(tree, parent, message, now));
        Objects.Set(Heads + branch, sha);
        return Commit(sha)!;
    }

    // A tree without entries is none, as git has it.
    private string? WithFile(string? tree, ReadOnlySpan<string> path, string? blob)
    {
        List<GitEntry> entries = tree is null ? [] : [.. Entries(tree, deep: false)];
        var name = path[0];
        var old = entries.Find(entry => entry.Path == name);
        entries.RemoveAll(entry => entry.Path == name);
        var below = path.Length == 1 ? blob : WithFile(old?.Type == "tree" ? old.Sha : null, path[1..], blob);
        if (below is not null)
        {
            entries.Add(new GitEntry(path.Length == 1 ? "100644" : "040000", name, below));
        }
        return entries.Count == 0 ? null : Objects.Write("tree", GitEntry.Format(entries));
    }

    private string? Peel(string sha)
    {
        var found = Objects.Read(sha);
        if (found?.Type != "tag")
        {
            return found is null ? null : sha;
        }
        var line = Encoding.UTF8.GetString(found.Content).Split('\n')[0];
        return Peel(line["object ".Length..]);
    }

    public static bool IsSha(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);
}
