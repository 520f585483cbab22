using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    /// <inheritdoc/>
    public Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CallAsync(
            $"ensure volume {name}",
            // Docker itself returns an existing volume of this name and driver.
            (client, token) =>
                client.Volumes.CreateAsync(
                    new VolumesCreateParameters
                    {
                        Name = name,
                        Driver = "local",
                        Labels = labels.ToDictionary(StringComparer.Ordinal),
                    },
                    token
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListVolumesAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<string>>(
            "list volumes",
            async (client, token) =>
            {
                var listed = await client.Volumes.ListAsync(new VolumesListParameters { Filters = LabelFilter(labels) }, token);
                return [.. (listed.Volumes ?? []).Where(v => Matches(v.Labels, labels)).Select(v => v.Name)];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(
            $"remove volume {name}",
            (client, token) => UnlessMissingAsync(() => client.Volumes.RemoveAsync(name, force: false, token)),
            cancellationToken
        );
}
