using System.Formats.Tar;

namespace Sam.Operator.Clients.Docker;

/// <summary>One file as the tar archive that the engine unpacks into a container.</summary>
internal static class FileArchive
{
    /// <summary>The archive, from its beginning. What we put into containers is for root alone: it may hold what others must not read.</summary>
    public static async Task<MemoryStream> PackAsync(
        string name,
        ReadOnlyMemory<byte> content,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var archive = new MemoryStream(content.Length + 2048);
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            using var data = new MemoryStream(content.ToArray(), writable: false);
            var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = data,
                ModificationTime = now,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            await writer.WriteEntryAsync(entry, cancellationToken);
        }

        archive.Position = 0;
        return archive;
    }
}
