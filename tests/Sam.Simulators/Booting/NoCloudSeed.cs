using System.Formats.Tar;
using System.Text;
using System.Text.Json;

namespace Sam.Simulators.Booting;

/// <summary>The files that cloud-init's NoCloud data source reads, as an archive for the engine.</summary>
internal static class NoCloudSeed
{
    /// <summary>Where the root file system looks for them.</summary>
    public const string Folder = "/var/lib/cloud/seed/nocloud";

    /// <summary>User data holds the server's TLS key, so both files are readable by root alone.</summary>
    public static async Task<MemoryStream> PackAsync(ServerBoot boot, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, object>
        {
            ["instance-id"] = $"i-{boot.Id}",
            ["local-hostname"] = boot.Name,
            ["public-keys"] = boot.SshPublicKeys,
        };
        var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            await AddAsync(writer, "meta-data", JsonSerializer.SerializeToUtf8Bytes(metadata), cancellationToken);
            await AddAsync(writer, "user-data", Encoding.UTF8.GetBytes(boot.UserData), cancellationToken);
        }

        archive.Position = 0;
        return archive;
    }

    private static Task AddAsync(TarWriter writer, string name, byte[] content, CancellationToken cancellationToken)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            DataStream = new MemoryStream(content),
        };
        return writer.WriteEntryAsync(entry, cancellationToken);
    }
}
