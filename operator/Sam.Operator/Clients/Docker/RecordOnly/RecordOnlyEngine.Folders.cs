using System.Formats.Tar;

namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    /// <inheritdoc/>
    public Task<byte[]?> GetFolderAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            "GetFolder",
            _ =>
            {
                var below = FilesOf(Get(containerId))
                    .Where(file => file.Key.StartsWith(path + "/", StringComparison.Ordinal))
                    .OrderBy(file => file.Key, StringComparer.Ordinal)
                    .ToList();
                return below.Count == 0 ? null : Pack(path[..(path.LastIndexOf('/') + 1)], below);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task PutFolderAsync(
        string containerId,
        string path,
        ReadOnlyMemory<byte> archive,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "PutFolder",
            _ =>
            {
                using var content = new MemoryStream(archive.ToArray(), writable: false);
                using var reader = new TarReader(content);
                while (reader.GetNextEntry(copyData: true) is { } entry)
                {
                    if (entry.DataStream is not { } data)
                    {
                        continue;
                    }

                    using var copy = new MemoryStream();
                    data.CopyTo(copy);
                    var (files, key) = FilesAt(Get(containerId), $"{path.TrimEnd('/')}/{entry.Name}");
                    files[key] = copy.ToArray();
                }

                return true;
            },
            cancellationToken
        );

    private static byte[] Pack(string parent, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, bytes) in files)
            {
                using var data = new MemoryStream(bytes, writable: false);
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path[parent.Length..]) { DataStream = data });
            }
        }

        return archive.ToArray();
    }
}
