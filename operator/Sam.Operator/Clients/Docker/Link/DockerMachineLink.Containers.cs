using System.Net;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    private const int LogBytes = 8 * 1024;

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineContainer>> ListContainersAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<EngineContainer>>(
            "list containers",
            async (client, token) =>
            {
                var listed = await client.Containers.ListContainersAsync(
                    new ContainersListParameters { All = true, Filters = LabelFilter(labels) },
                    token
                );
                var found = new List<EngineContainer>(listed.Count);
                foreach (var item in listed)
                {
                    // The list knows neither exit codes nor aliases; a container that went in between is not there any more.
                    if (await FindContainerAsync(client, item.ID, token) is { } container)
                    {
                        found.Add(container);
                    }
                }

                return found;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<EngineContainer?> InspectContainerAsync(string idOrName, CancellationToken cancellationToken) =>
        CallAsync($"inspect {idOrName}", (client, token) => FindContainerAsync(client, idOrName, token), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            $"create {request.Name}",
            async (client, token) =>
            {
                try
                {
                    var created = await client.Containers.CreateContainerAsync(ContainerMapping.ToDocker(request), token);
                    return created.ID;
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    // 404 is a missing image, network or volume driver; asking for the image tells which.
                    if (!await HasImageAsync(client, request.Image, token))
                    {
                        throw new EngineException(
                            EngineErrorKind.ImageNotFound,
                            $"the engine has no image {request.Image}",
                            exception
                        );
                    }

                    throw;
                }
            },
            cancellationToken,
            EngineErrorKind.NameTaken
        );

    /// <inheritdoc/>
    public Task StartContainerAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(
            $"start {id}",
            (client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken) =>
        CallAsync(
            $"stop {id}",
            (client, token) =>
                UnlessMissingAsync(() =>
                    client.Containers.StopContainerAsync(
                        id,
                        new ContainerStopParameters
                        {
                            WaitBeforeKillSeconds = (uint)Math.Ceiling(Math.Max(0, grace.TotalSeconds)),
                        },
                        token
                    )
                ),
            cancellationToken,
            extra: grace
        );

    /// <inheritdoc/>
    public Task RemoveContainerAsync(string id, CancellationToken cancellationToken) =>
        CallAsync($"remove {id}", (client, token) => RemoveContainerAsync(client, id, token), cancellationToken);

    /// <inheritdoc/>
    public Task<string> TailLogsAsync(string id, int lines, CancellationToken cancellationToken) =>
        CallAsync(
            $"logs of {id}",
            async (client, token) =>
            {
                using var stream = await client.Containers.GetContainerLogsAsync(
                    id,
                    new ContainerLogsParameters
                    {
                        ShowStdout = true,
                        ShowStderr = true,
                        Tail = Math.Max(0, lines).ToString(),
                    },
                    token
                );
                var tail = new TailBuffer(LogBytes);
                var buffer = new byte[8192];
                while (true)
                {
                    var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, token);
                    if (read.EOF)
                    {
                        return Encoding.UTF8.GetString(tail.ToArray());
                    }

                    tail.Write(buffer.AsSpan(0, read.Count));
                }
            },
            cancellationToken
        );

    private static async Task RemoveContainerAsync(DockerClient client, string id, CancellationToken token)
    {
        try
        {
            await UnlessMissingAsync(() =>
                client.Containers.RemoveContainerAsync(
                    id,
                    new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                    token
                )
            );
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            // 409 is another removal under way; if that one is done, so are we.
            if (await FindContainerAsync(client, id, token) is { State: not ContainerState.Removing })
            {
                throw;
            }
        }
    }

    private static async Task<EngineContainer?> FindContainerAsync(DockerClient client, string idOrName, CancellationToken token)
    {
        try
        {
            return ContainerMapping.FromDocker(await client.Containers.InspectContainerAsync(idOrName, token));
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task UnlessMissingAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // What is gone already is what was asked for.
            return;
        }
    }
}
