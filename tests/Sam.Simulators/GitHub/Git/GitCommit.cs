using System.Globalization;
using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>One commit.</summary>
internal sealed record GitCommit(
    string Sha,
    string Tree,
    IReadOnlyList<string> Parents,
    GitSignature Author,
    GitSignature Committer,
    string Message
)
{
    private static readonly GitSignature s_simulator = new("sam-simulator", "simulator@example.invalid", default);

    public static GitCommit Parse(string sha, GitObject stored)
    {
        var text = Encoding.UTF8.GetString(stored.Content);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = text[..(end < 0 ? text.Length : end)].Split('\n').Select(line => line.Split(' ', 2)).ToList();
        string One(string key) => lines.First(line => line[0] == key)[1];
        return new GitCommit(
            sha,
            One("tree"),
            [.. lines.Where(line => line[0] == "parent").Select(line => line[1])],
            GitSignature.Parse(One("author")),
            GitSignature.Parse(One("committer")),
            end < 0 ? "" : text[(end + 2)..].TrimEnd('\n')
        );
    }

    public static byte[] Format(string tree, string? parent, string message, DateTimeOffset now)
    {
        var who = (s_simulator with { At = now }).ToString();
        var parents = parent is null ? "" : $"parent {parent}\n";
        return Encoding.UTF8.GetBytes($"tree {tree}\n{parents}author {who}\ncommitter {who}\n\n{message}\n");
    }
}

/// <summary>Who made a commit, and when.</summary>
internal sealed record GitSignature(string Name, string Email, DateTimeOffset At)
{
    // Name <mail> seconds zone
    public static GitSignature Parse(string text)
    {
        var (open, close) = (text.IndexOf('<', StringComparison.Ordinal), text.LastIndexOf('>'));
        var seconds = long.Parse(text[(close + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        return new GitSignature(text[..open].Trim(), text[(open + 1)..close], DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    public override string ToString() => $"{Name} <{Email}> {At.ToUnixTimeSeconds()} +0000";
}

/// <summary>One entry of a tree.</summary>
internal sealed record GitEntry(string Mode, string Path, string Sha)
{
    public string Type =>
        Mode switch
        {
            "040000" => "tree",
            "160000" => "commit",
            _ => "blob",
        };

    public static IEnumerable<GitEntry> Parse(byte[] tree)
    {
        for (var at = 0; at < tree.Length; )
        {
            var end = Array.IndexOf(tree, (byte)0, at);
            var words = Encoding.UTF8.GetString(tree, at, end - at).Split(' ', 2);
            var sha = Convert.ToHexStringLower(tree, end + 1, 20);
            yield return new GitEntry(words[0].PadLeft(6, '0'), words[1], sha);
            at = end + 21;
        }
    }

    public static byte[] Format(IEnumerable<GitEntry> entries) =>
        [
            // git sorts folders as if their names ended with a slash
            .. entries
                .OrderBy(entry => entry.Type == "tree" ? entry.Path + "/" : entry.Path, StringComparer.Ordinal)
                .SelectMany(entry =>
                    (byte[])
                        [
                            .. Encoding.UTF8.GetBytes($"{entry.Mode.TrimStart('0')} {entry.Path}\0"),
                            .. Convert.FromHexString(entry.Sha),
                        ]
                ),
        ];
}
