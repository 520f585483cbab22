using System.Net;

namespace Sam.Simulators.Booting;

/// <summary>What stands behind a simulated server: nothing (a record only) or something that boots.</summary>
public interface IServerBackend : IAsyncDisposable
{
    /// <summary>Makes and powers on a server; returns once it boots, long before cloud-init is done.</summary>
    /// <exception cref="BootRefusedException">It asks for something that this backend cannot stand in for.</exception>
    Task<BootedServer> CreateAsync(ServerBoot boot, CancellationToken cancellationToken);

    /// <summary>Powers on; a server that is on stays on.</summary>
    Task PowerOnAsync(long id, CancellationToken cancellationToken);

    /// <summary>Pulls the plug.</summary>
    Task PowerOffAsync(long id, CancellationToken cancellationToken);

    /// <summary>Asks the operating system to shut down, and waits until it did.</summary>
    Task ShutdownAsync(long id, CancellationToken cancellationToken);

    /// <summary>Pulls the plug and powers on again.</summary>
    Task ResetAsync(long id, CancellationToken cancellationToken);

    /// <summary>Removes the server with its disk and frees its address; false when there was none.</summary>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);

    /// <summary>All servers of this backend with their power state as it is now.</summary>
    Task<IReadOnlyList<BootedServer>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>What a server is made from.</summary>
/// <param name="Id">The provider's id of the server, its cloud-init instance id.</param>
/// <param name="Name">The host name.</param>
/// <param name="Image">The provider's image name.</param>
/// <param name="UserData">Cloud-init user data, or empty.</param>
/// <param name="SshPublicKeys">Public keys for the metadata.</param>
public sealed record ServerBoot(long Id, string Name, string Image, string UserData, IReadOnlyList<string> SshPublicKeys);

/// <summary>A server that was booted.</summary>
public sealed record BootedServer(long Id, string Name, IPAddress PublicIPv4, ServerPower Power);

/// <summary>Whether a server has power.</summary>
public enum ServerPower
{
    /// <summary>Powered off: it refuses connections.</summary>
    Off,

    /// <summary>Powered on, booting or booted.</summary>
    On,
}

/// <summary>A server was asked for that a container cannot stand in for.</summary>
public sealed class BootRefusedException(string message) : Exception(message);
