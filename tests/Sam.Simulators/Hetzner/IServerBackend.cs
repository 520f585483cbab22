namespace Sam.Simulators.Hetzner;

/// <summary>What stands behind a simulated server: nothing, or a machine that boots.</summary>
public interface IServerBackend
{
    /// <summary>Allots an address and begins the boot; returns at once, the boot goes on after it.</summary>
    Task<BackendServer> CreateAsync(ServerBoot boot, CancellationToken cancellationToken);

    /// <summary>Pulls the plug.</summary>
    Task PowerOffAsync(long id, CancellationToken cancellationToken);

    /// <summary>Boots a stopped server with the disk it had.</summary>
    Task PowerOnAsync(long id, CancellationToken cancellationToken);

    /// <summary>Plug out, plug in.</summary>
    Task ResetAsync(long id, CancellationToken cancellationToken);

    /// <summary>Ends the server with its disk; an unknown id is no error.</summary>
    Task DeleteAsync(long id, CancellationToken cancellationToken);
}

/// <summary>What a server is made from.</summary>
public sealed record ServerBoot(
    long Id,
    string Name,
    string UserData,
    string ServerType,
    IReadOnlyDictionary<string, string> Labels,
    string? WantedIPv4 = null
);

/// <summary>What the world sees of it.</summary>
public sealed record BackendServer(string PublicIPv4);

/// <summary>Servers that exist only in the API's answers, with addresses nobody routes.</summary>
public sealed class RecordOnlyBackend : IServerBackend
{
    // The three documentation networks, then the benchmark network (RFC 5737, RFC 2544): unique for 130,000 servers.
    private static readonly (string Prefix, int Count)[] s_documentation =
    [
        ("203.0.113.", 254),
        ("198.51.100.", 254),
        ("192.0.2.", 254),
    ];
    private int _last = -1;

    // An address is never given twice: one that was told to stay outlives its server.
    public Task<BackendServer> CreateAsync(ServerBoot boot, CancellationToken cancellationToken) =>
        Task.FromResult(new BackendServer(boot.WantedIPv4 ?? Address(Interlocked.Increment(ref _last))));

    public Task PowerOffAsync(long id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PowerOnAsync(long id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ResetAsync(long id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(long id, CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Address(int slot)
    {
        foreach (var (prefix, count) in s_documentation)
        {
            if (slot < count)
            {
                return $"{prefix}{slot + 1}";
            }
            slot -= count;
        }
        return $"198.{18 + (slot >> 16)}.{(slot >> 8) & 255}.{slot & 255}";
    }
}
