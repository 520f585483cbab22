using System.Formats.Tar;

namespace Sam.Operator.Clients.Docker;

/// <summary>One file as the tar archive that the engine unpacks into a container.</summary>
internal static class FileArchive
{
    /// <summary>The archive, from its beginning.</summary>
    public static async Task<MemoryStream> PackAsync(
        string name,
        EngineFile file,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var archive = new MemoryStream(file.Content.Length + 2048);
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            using var data = new MemoryStream(file.Content.ToArray(), writable: false);
            var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = data,
                ModificationTime = now,
                Mode = (UnixFileMode)file.Mode,
                Uid = file.Uid,
                Gid = file.Gid,
            };
            await writer.WriteEntryAsync(entry, cancellationToken);
        }

        archive.Position = 0;
        return archive;
    }
}
