using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    /// <inheritdoc/>
    public Task EnsureNetworkAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        string? subnet,
        bool isInternal,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"ensure network {name}",
            async (client, token) =>
            {
                if (await FindNetworkAsync(client, name, token) is not null)
                {
                    return;
                }

                if (
                    !await CreateNetworkAsync(name, labels, subnet, isInternal, token)
                    && await FindNetworkAsync(client, name, token) is null
                )
                {
                    throw new EngineException(
                        EngineErrorKind.Conflict,
                        $"the engine says that network {name} exists, and does not show it"
                    );
                }
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListNetworksAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<string>>(
            "list networks",
            async (client, token) =>
            {
                var listed = await client.Networks.ListNetworksAsync(
                    new NetworksListParameters { Filters = LabelFilter(labels) },
                    token
                );
                return [.. listed.Where(n => Matches(n.Labels, labels)).Select(n => n.Name)];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(
            $"remove network {name}",
            (client, token) => UnlessMissingAsync(() => client.Networks.DeleteNetworkAsync(name, token)),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task ConnectAsync(
        string network,
        string containerId,
        IReadOnlyList<string> aliases,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"connect {containerId} to {network}",
            async (client, token) =>
            {
                if (await IsConnectedAsync(client, network, containerId, token))
                {
                    return;
                }

                try
                {
                    await client.Networks.ConnectNetworkAsync(
                        network,
                        new NetworkConnectParameters
                        {
                            Container = containerId,
                            EndpointConfig = new EndpointSettings { Aliases = [.. aliases] },
                        },
                        token
                    );
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.Forbidden)
                {
                    // 403 is said of an endpoint that exists: connected by a second actor in between.
                    if (!await IsConnectedAsync(client, network, containerId, token))
                    {
                        throw;
                    }
                }
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task DisconnectAsync(string network, string containerId, CancellationToken cancellationToken) =>
        CallAsync(
            $"disconnect {containerId} from {network}",
            async (client, token) =>
            {
                if (!await IsConnectedAsync(client, network, containerId, token))
                {
                    return;
                }

                await UnlessMissingAsync(() =>
                    client.Networks.DisconnectNetworkAsync(
                        network,
                        new NetworkDisconnectParameters { Container = containerId, Force = true },
                        token
                    )
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RealiasAsync(
        string network,
        string containerId,
        IReadOnlyList<string> aliases,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"rename {containerId} in {network}",
            async (client, token) =>
            {
                var shown = await client.Containers.InspectContainerAsync(containerId, token);
                if (shown.NetworkSettings?.Networks?.TryGetValue(network, out var endpoint) is not true || endpoint is null)
                    throw new EngineException(EngineErrorKind.NotFound, $"{containerId} is not connected to {network}");
                await client.Networks.DisconnectNetworkAsync(
                    network,
                    new NetworkDisconnectParameters { Container = containerId, Force = true },
                    token
                );
                // Between the two calls packets are lost and sent again by TCP; the address stays, so nobody is reset.
                await client.Networks.ConnectNetworkAsync(
                    network,
                    new NetworkConnectParameters
                    {
                        Container = containerId,
                        EndpointConfig = new EndpointSettings
                        {
                            Aliases = [.. aliases],
                            IPAMConfig = string.IsNullOrEmpty(endpoint.IPAddress)
                                ? null
                                : new EndpointIPAMConfig { IPv4Address = endpoint.IPAddress },
                        },
                    },
                    token
                );
            },
            cancellationToken
        );

    /// <summary>
    /// A raw call: engines before 25 allow two networks of one name unless told to check, and Docker.DotNet dropped that field. False if
    /// the name is taken: a second actor was faster.
    /// </summary>
    private async Task<bool> CreateNetworkAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        string? subnet,
        bool isInternal,
        CancellationToken token
    )
    {
        var body = new NetworkToCreate(
            name,
            "bridge",
            CheckDuplicate: true,
            isInternal,
            labels,
            subnet is null ? null : new AddressPlan([new AddressRange(subnet)])
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, await session.AddressAsync("networks/create", token))
        {
            Content = JsonContent.Create(body, options: networkJson),
        };
        using var response = await session.Raw.SendAsync(request, token);
        if (response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict)
        {
            return response.StatusCode == HttpStatusCode.Created;
        }

        var text = EngineFaults.Text(await response.Content.ReadAsStringAsync(token), response.StatusCode);
        throw new EngineException(EngineFaults.KindOf(response.StatusCode), $"create network {name}: {text}");
    }

    private static readonly JsonSerializerOptions networkJson = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private sealed record NetworkToCreate(
        string Name,
        string Driver,
        bool CheckDuplicate,
        bool Internal,
        IReadOnlyDictionary<string, string> Labels,
        AddressPlan? IPAM
    );

    private sealed record AddressPlan(IReadOnlyList<AddressRange> Config);

    private sealed record AddressRange(string Subnet);

    private static async Task<NetworkResponse?> FindNetworkAsync(DockerClient client, string name, CancellationToken token)
    {
        // By a list and not by inspect: inspect also matches the start of an id.
        var filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["name"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [name] = true },
        };
        var listed = await client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filters }, token);
        return listed.FirstOrDefault(n => n.Name == name);
    }

    private static async Task<bool> IsConnectedAsync(
        DockerClient client,
        string network,
        string containerId,
        CancellationToken token
    ) => await FindContainerAsync(client, containerId, token) is { } container && container.Networks.ContainsKey(network);
}
