using System.Formats.Tar;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    private const long FileBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public Task PutFileAsync(string containerId, EngineFile file, CancellationToken cancellationToken) =>
        CallAsync(
            $"write {file.Path} in {containerId}",
            async (client, token) =>
            {
                var (folder, name) = SplitPath(file.Path);
                using var archive = await FileArchive.PackAsync(name, file, time.GetUtcNow(), token);
                await client.Containers.ExtractArchiveToContainerAsync(
                    containerId,
                    new CopyToContainerParameters { Path = folder, AllowOverwriteDirWithFile = false },
                    archive,
                    token
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HasFileAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            $"look for {path} in {containerId}",
            async (client, token) =>
            {
                try
                {
                    await client.Containers.GetArchiveFromContainerAsync(
                        containerId,
                        new ContainerPathStatParameters { Path = path },
                        statOnly: true,
                        token
                    );
                    return true;
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    // 404 is a missing file or a missing container; only the first is an answer.
                    if (await FindContainerAsync(client, containerId, token) is null)
                    {
                        throw;
                    }

                    return false;
                }
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<byte[]?> GetFileAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            $"read {path} of {containerId}",
            async (client, token) =>
            {
                try
                {
                    var answer = await client.Containers.GetArchiveFromContainerAsync(
                        containerId,
                        new ContainerPathStatParameters { Path = path },
                        false,
                        token
                    );
                    await using var archive = answer.Stream!;
                    return await UnpackAsync(path, archive, token);
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    // 404 is a missing file or a missing container; only the first is an answer.
                    if (await FindContainerAsync(client, containerId, token) is null)
                    {
                        throw;
                    }

                    return null;
                }
            },
            cancellationToken
        );

    private static async Task<byte[]?> UnpackAsync(string path, Stream archive, CancellationToken token)
    {
        await using var reader = new TarReader(archive);
        var entry = await reader.GetNextEntryAsync(copyData: false, token);
        if (entry is not { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile })
        {
            throw new EngineException(EngineErrorKind.Invalid, $"{path} is not a regular file");
        }

        if (entry.Length > FileBytes)
        {
            throw new EngineException(EngineErrorKind.Invalid, $"{path} has {entry.Length} bytes, more than {FileBytes}");
        }

        using var content = new MemoryStream((int)entry.Length);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(content, token);
        }

        return content.ToArray();
    }

    private static (string Folder, string Name) SplitPath(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash >= 0 && slash < path.Length - 1 && path[0] == '/'
            ? (slash == 0 ? "/" : path[..slash], path[(slash + 1)..])
            : throw new EngineException(EngineErrorKind.Invalid, $"{path} is not the absolute path of a file");
    }
}
