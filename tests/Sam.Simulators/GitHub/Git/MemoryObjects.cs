using System.Security.Cryptography;
using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Objects in memory, with the very ids that git gives them.</summary>
internal sealed class MemoryObjects : IGitObjects
{
    private readonly Dictionary<string, GitObject> _objects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _refs = new(StringComparer.Ordinal);

    public GitObject? Read(string sha) => _objects.GetValueOrDefault(sha);

    public string Write(string type, byte[] content)
    {
        byte[] stored = [.. Encoding.ASCII.GetBytes($"{type} {content.Length}\0"), .. content];
#pragma warning disable CA5350 // git's object ids are SHA-1
        var sha = Convert.ToHexStringLower(SHA1.HashData(stored));
#pragma warning restore CA5350
        _objects[sha] = new GitObject(type, content);
        return sha;
    }

    public IReadOnlyDictionary<string, string> Refs() => _refs;

    public void Set(string name, string? sha)
    {
        if (sha is null)
        {
            _refs.Remove(name);
        }
        else
        {
            _refs[name] = sha;
        }
    }
}
