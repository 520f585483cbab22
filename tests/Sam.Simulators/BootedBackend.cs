using Sam.Simulators.Booting;
using Sam.Simulators.Hetzner;

namespace Sam.Simulators;

/// <summary>Lets the Hetzner simulator's servers boot for real, on the lab's engine.</summary>
public sealed class BootedBackend(BootedServers servers, string image = "docker-ce") : Hetzner.IServerBackend
{
    /// <inheritdoc/>
    public async Task<BackendServer> CreateAsync(Hetzner.ServerBoot boot, CancellationToken cancellationToken)
    {
        var booted = await servers.CreateAsync(
            new Booting.ServerBoot(boot.Id, boot.Name, image, boot.UserData, []),
            cancellationToken
        );
        return new BackendServer(booted.PublicIPv4.ToString());
    }

    /// <inheritdoc/>
    public Task PowerOffAsync(long id, CancellationToken cancellationToken) => servers.PowerOffAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task PowerOnAsync(long id, CancellationToken cancellationToken) => servers.PowerOnAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task ResetAsync(long id, CancellationToken cancellationToken) => servers.ResetAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(long id, CancellationToken cancellationToken) => servers.DeleteAsync(id, cancellationToken);
}
