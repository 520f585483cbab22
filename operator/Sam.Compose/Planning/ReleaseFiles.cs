using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>The configs and secrets of a release as files of the node.</summary>
internal sealed class ReleaseFiles
{
    private readonly string _uid;
    private readonly ReleaseSpec _release;

    public ReleaseFiles(string uid, ReleaseSpec release)
    {
        (_uid, _release) = (uid, release);
        All = Ordinal.Sort(
            release
                .Model.Services.Values.SelectMany(Contents)
                .Select(file => file.Content)
                .DistinctBy(content => content.Name)
                .Select(content => KeyValuePair.Create(content.Name, content))
        );
    }

    /// <summary>All of them, by name.</summary>
    public ImmutableSortedDictionary<string, FileContent> All { get; }

    /// <summary>Where a service has them; null if it has none.</summary>
    public ImmutableArray<FileMount>? Of(ComposeService service)
    {
        ImmutableArray<FileMount> mounts =
        [
            .. Contents(service).Select(file => new FileMount(file.Content.Name, file.Target, file.Content.InMemory)),
        ];
        return mounts.IsEmpty ? null : mounts;
    }

    private IEnumerable<(string Target, FileContent Content)> Contents(ComposeService service) =>
        (service.Configs ?? [])
            .Select(grant => (Target(grant, "/"), Content("configs", grant, inMemory: false)))
            .Concat(
                (service.Secrets ?? []).Select(grant =>
                    (Target(grant, "/run/secrets/"), Content("secrets", grant, inMemory: true))
                )
            );

    private static string Target(FileGrant grant, string folder)
    {
        var target = grant.Target ?? grant.Source;
        return target.StartsWith('/') ? target : folder + target;
    }

    private FileContent Content(string kind, FileGrant grant, bool inMemory)
    {
        var key = $"{kind}/{grant.Source}";
        var bytes = Convert.FromBase64String(_release.Files?.GetValueOrDefault(key) ?? "");
        var content = new FileContent("", [.. bytes], inMemory)
        {
            Mode = grant.Mode ?? FileGrant.DefaultMode,
            Uid = int.Parse(grant.Uid ?? "0"),
            Gid = int.Parse(grant.Gid ?? "0"),
        };
        return content with { Name = EngineNames.File(_uid, Hash(key, content)) };
    }

    // The app's UID is mixed in, so that the name of a short secret's file tells nothing that can be looked up.
    private string Hash(string key, FileContent content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{_uid} {key} "));
        Span<byte> number = stackalloc byte[4];
        foreach (var part in (int[])[content.Mode, content.Uid, content.Gid])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, part);
            hash.AppendData(number);
        }

        hash.AppendData(content.Bytes.AsSpan());
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }
}
