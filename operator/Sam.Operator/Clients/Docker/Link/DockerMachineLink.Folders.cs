using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    private const int FolderBytes = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public Task<byte[]?> GetFolderAsync(string containerId, string path, CancellationToken cancellationToken) =>
        CallAsync(
            $"read folder {path} of {containerId}",
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
                    return await BoundedAsync(path, archive, token);
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    // 404 is a missing folder or a missing container; only the first is an answer.
                    if (await FindContainerAsync(client, containerId, token) is null)
                    {
                        throw;
                    }

                    return null;
                }
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
            $"write folder {path} of {containerId}",
            async (client, token) =>
            {
                using var content = new MemoryStream(archive.ToArray(), writable: false);
                await client.Containers.ExtractArchiveToContainerAsync(
                    containerId,
                    new CopyToContainerParameters { Path = path, AllowOverwriteDirWithFile = false },
                    content,
                    token
                );
            },
            cancellationToken
        );

    private static async Task<byte[]?> BoundedAsync(string path, Stream archive, CancellationToken token)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await archive.ReadAsync(buffer, token)) > 0; )
        {
            if (content.Length + read > FolderBytes)
            {
                throw new EngineException(EngineErrorKind.Invalid, $"{path} holds more than {FolderBytes} bytes");
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
