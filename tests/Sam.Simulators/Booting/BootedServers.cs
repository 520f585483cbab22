using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet;

namespace Sam.Simulators.Booting;

/// <summary>Servers that boot for real: each is a container with systemd, cloud-init and its own Docker Engine.</summary>
/// <remarks>
/// What is real: systemd as first process, cloud-init's four stages over the given user data, the nested engine with the
/// configuration it writes, nftables, processes and files lost or kept over power off, reset and delete.
/// What a container cannot stand in for, and therefore must not be asked for or relied on:
/// <list type="bullet">
/// <item>any image but <c>docker-ce</c> (Debian 12 with Debian's Docker Engine stands in for it); others are refused;</item>
/// <item>the size of the server type: memory, processors and disk are those of this machine;</item>
/// <item>the kernel: swap is accepted and not done, sysctls outside the network are not applied, no modules, no clock;</item>
/// <item>a way out: no packages can be installed by cloud-init, <c>#include</c> is refused, only the lab's registry answers;</item>
/// <item>the provider's network: no IPv6, no private networks, no firewall rules, no metadata service (the data source is
/// NoCloud); from outside only ports 80, 443 and 2376 are reached, and no server reaches another one's public address;</item>
/// <item>volumes, snapshots, rescue, backups: there is no verb for them;</item>
/// <item>a server that powers itself off or reboots from inside: both leave it off.</item>
/// </list>
/// </remarks>
public sealed class BootedServers : IServerBackend
{
    private const int LargestUserData = 32 * 1024; // the provider's limit
    private readonly ConcurrentDictionary<long, ServerSlot> servers = new();
    private readonly string instance = RandomNumberGenerator.GetHexString(6, lowercase: true);
    private readonly IDockerClient docker;
    private readonly LabEngine engine;
    private readonly EngineLab lab;
    private readonly NetworkNamespace space;
    private readonly TimeProvider time;
    private LoopbackForwarder? registry;

    private BootedServers(EngineLab lab, IDockerClient docker, NetworkNamespace space, TimeProvider time)
    {
        this.lab = lab;
        this.docker = docker;
        this.space = space;
        this.time = time;
        engine = new LabEngine(docker, lab);
    }

    /// <summary>The image names that it can boot.</summary>
    public static IReadOnlyList<string> Images { get; } = ["docker-ce"];

    /// <summary>Removes what dead simulators of this lab left, and makes the lab's registry answer on this machine.</summary>
    public static async Task<BootedServers> StartAsync(EngineLab lab, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = new DockerClientBuilder().WithEndpoint(new Uri(lab.DockerHost)).Build();
        var started = new BootedServers(lab, client, await NetworkNamespace.OpenAsync(lab.Netns), time);
        try
        {
            await started.engine.SweepAsync(cancellationToken);
            started.registry = await RegistryForwarder.OpenAsync(lab, started.space, time, cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<BootedServer> CreateAsync(ServerBoot boot, CancellationToken cancellationToken)
    {
        Check(boot);
        var server = new ServerSlot($"sam-vm-{lab.Lab}-{instance}-{boot.Id}", boot.Name);
        if (!servers.TryAdd(boot.Id, server))
        {
            throw new BootRefusedException($"server {boot.Id} exists");
        }

        await server.Gate.WaitAsync(CancellationToken.None); // new, so free at once
        try
        {
            await engine.CreateAsync(server.Container, boot, cancellationToken);
            server.Address = await PublicAddress.TakeAsync(
                space,
                await engine.StartAsync(server.Container, cancellationToken),
                time
            );
            return new BootedServer(boot.Id, boot.Name, server.Address.Address, ServerPower.On);
        }
        catch
        {
            servers.TryRemove(boot.Id, out _);
            await engine.RemoveAsync(server.Container, CancellationToken.None);
            throw;
        }
        finally
        {
            server.Gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task PowerOnAsync(long id, CancellationToken cancellationToken) =>
        UnderGateAsync(id, server => StartAsync(server, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task PowerOffAsync(long id, CancellationToken cancellationToken) =>
        UnderGateAsync(id, server => CutAsync(server, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ShutdownAsync(long id, CancellationToken cancellationToken) =>
        UnderGateAsync(
            id,
            async server =>
            {
                await engine.StopAsync(server.Container, cancellationToken);
                await server.Address!.CloseAsync();
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task ResetAsync(long id, CancellationToken cancellationToken) =>
        UnderGateAsync(
            id,
            async server =>
            {
                await CutAsync(server, cancellationToken);
                await StartAsync(server, cancellationToken);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        if (!servers.TryGetValue(id, out var server))
        {
            return false;
        }

        await server.Gate.WaitAsync(cancellationToken);
        try
        {
            await engine.RemoveAsync(server.Container, cancellationToken);
            if (server.Address is { } address)
            {
                await address.DisposeAsync();
            }

            return servers.TryRemove(id, out _);
        }
        finally
        {
            server.Gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BootedServer>> ListAsync(CancellationToken cancellationToken)
    {
        var containers = await engine.ListAsync(cancellationToken);
        var running = containers
            .Where(container => container.State == "running")
            .SelectMany(container => container.Names)
            .ToHashSet();
        return
        [
            .. from entry in servers
            where entry.Value.Address is not null
            let power = running.Contains("/" + entry.Value.Container) ? ServerPower.On : ServerPower.Off
            select new BootedServer(entry.Key, entry.Value.Name, entry.Value.Address!.Address, power),
        ];
    }

    /// <summary>Runs a command as root in a server that is on, for tests and for a diagnosis; SAM itself has no such way in.</summary>
    public Task<ConsoleResult> ConsoleAsync(long id, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        engine.RunAsync(Find(id).Container, command, cancellationToken);

    /// <summary>Deletes every server; nothing is left in the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(servers.Keys.Select(id => DeleteAsync(id, CancellationToken.None)));
        }
        finally
        {
            if (registry is not null)
            {
                await registry.DisposeAsync();
            }

            await space.DisposeAsync();
            docker.Dispose();
        }
    }

    private static void Check(ServerBoot boot)
    {
        if (!Images.Contains(boot.Image))
        {
            throw new BootRefusedException($"image {boot.Image} cannot be booted here, only {string.Join(", ", Images)}");
        }

        if (Encoding.UTF8.GetByteCount(boot.UserData) > LargestUserData)
        {
            throw new BootRefusedException(
                $"user data is larger than {LargestUserData.ToString(CultureInfo.InvariantCulture)} bytes"
            );
        }

        if (boot.UserData.StartsWith("#include", StringComparison.Ordinal))
        {
            throw new BootRefusedException("user data includes a URL, and servers have no way out here");
        }
    }

    private async Task StartAsync(ServerSlot server, CancellationToken cancellationToken) =>
        await server.Address!.OpenAsync(await engine.StartAsync(server.Container, cancellationToken));

    // Connections first: a machine without power sends no goodbye, so nothing of its end may be seen.
    private async Task CutAsync(ServerSlot server, CancellationToken cancellationToken)
    {
        await server.Address!.CloseAsync();
        await engine.KillAsync(server.Container, cancellationToken);
    }

    private ServerSlot Find(long id) =>
        servers.TryGetValue(id, out var server) ? server : throw new KeyNotFoundException($"no server {id}");

    private async Task UnderGateAsync(long id, Func<ServerSlot, Task> act, CancellationToken cancellationToken)
    {
        var server = Find(id);
        await server.Gate.WaitAsync(cancellationToken);
        try
        {
            _ = Find(id); // it may have been deleted meanwhile
            await act(server);
        }
        finally
        {
            server.Gate.Release();
        }
    }
}
