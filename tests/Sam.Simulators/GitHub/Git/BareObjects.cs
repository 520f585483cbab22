using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Objects of a real bare repository, which git clients share over HTTP.</summary>
internal sealed class BareObjects : IGitObjects
{
    // Apps need a permission of its own to touch workflows; the server says whether the pusher has it.
    private const string UpdateHook = """
        #!/bin/sh
        [ "$SAM_SIM_WORKFLOWS" = yes ] && exit 0
        [ "$3" = 0000000000000000000000000000000000000000 ] && exit 0
        old=$2
        [ "$old" = 0000000000000000000000000000000000000000 ] && old=$(git hash-object -t tree /dev/null)
        touched=$(git diff --name-only "$old" "$3" -- .github/workflows | head -n 1)
        [ -z "$touched" ] && exit 0
        echo "refusing to allow a GitHub App to create or update workflow \`$touched\` without \`workflows\` permission" >&2
        exit 1

        """;

    // Objects never change: what was read once is read for ever.
    private readonly Dictionary<string, GitObject> _known = new(StringComparer.Ordinal);

    public BareObjects(string folder, string defaultBranch)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        GitProgram.Run(folder, ["init", "--quiet", "--bare", "--initial-branch", defaultBranch, folder]);
        GitProgram.Run(folder, ["config", "http.receivepack", "true"]);
        GitProgram.Run(folder, ["config", "uploadpack.allowFilter", "true"]);
        var hook = Path.Combine(folder, "hooks", "update");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, UpdateHook);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Folder { get; }

    public GitObject? Read(string sha)
    {
        if (_known.TryGetValue(sha, out var known))
        {
            return known;
        }
        var output = GitProgram.Run(Folder, ["cat-file", "--batch"], Encoding.ASCII.GetBytes(sha + "\n"));
        var end = Array.IndexOf(output, (byte)'\n');
        var words = Encoding.ASCII.GetString(output, 0, end).Split(' ');
        return words is [_, var type, var size] && int.TryParse(size, out var length)
            ? _known[sha] = new GitObject(type, output[(end + 1)..(end + 1 + length)])
            : null;
    }

    public string Write(string type, byte[] content) =>
        Encoding.ASCII.GetString(GitProgram.Run(Folder, ["hash-object", "-w", "--stdin", "-t", type], content)).Trim();

    public IReadOnlyDictionary<string, string> Refs() =>
        Encoding
            .UTF8.GetString(GitProgram.Run(Folder, ["for-each-ref", "--format=%(refname) %(objectname)"]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);

    public void Set(string name, string? sha) =>
        GitProgram.Run(Folder, sha is null ? ["update-ref", "-d", name] : ["update-ref", name, sha]);
}
