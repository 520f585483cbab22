using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>A file of the node in a container, read-only.</summary>
/// <param name="Name">Its name on the node: the app and a hash of what it is, so that a change is another file.</param>
/// <param name="Target">Path in the container.</param>
/// <param name="InMemory">True: it is held in memory and gone after a reboot (secrets); false: on the disk (configs).</param>
public sealed record FileMount(string Name, string Target, bool InMemory);

/// <summary>What a file of the node is.</summary>
public sealed record FileContent(string Name, ImmutableArray<byte> Bytes, bool InMemory)
{
    /// <summary>Permission bits.</summary>
    public int Mode { get; init; } = FileGrant.DefaultMode;

    public int Uid { get; init; }

    public int Gid { get; init; }

    // The bytes may be a secret.
    public override string ToString() => $"FileContent {Name}";
}
