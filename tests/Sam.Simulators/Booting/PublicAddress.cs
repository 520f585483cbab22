using System.Net;
using System.Net.Sockets;

namespace Sam.Simulators.Booting;

/// <summary>A loopback address that plays a server's public IPv4, with the forwarders of its ports.</summary>
internal sealed class PublicAddress : IAsyncDisposable
{
    private const int First = 11;
    private const int Last = 254;
    private static readonly int[] Ports = [80, 443, 2376];
    private readonly Socket reservation;
    private readonly IReadOnlyList<LoopbackForwarder> forwarders;

    private PublicAddress(IPAddress address, Socket reservation, NetworkNamespace space, TimeProvider time)
    {
        Address = address;
        this.reservation = reservation;
        forwarders = [.. Ports.Select(port => new LoopbackForwarder(space, new IPEndPoint(address, port), time))];
    }

    public IPAddress Address { get; }

    /// <summary>The lowest address that nobody on this machine holds, opened towards <paramref name="server"/>.</summary>
    public static async Task<PublicAddress> TakeAsync(NetworkNamespace space, IPAddress server, TimeProvider time)
    {
        for (var n = First; n <= Last; n++)
        {
            var address = new IPAddress([127, 77, 0, (byte)n]);
            if (Reserve(address) is not { } reservation)
            {
                continue;
            }

            var taken = new PublicAddress(address, reservation, space, time);
            try
            {
                await taken.OpenAsync(server);
                return taken;
            }
            catch (SocketException error)
            {
                await taken.DisposeAsync();
                if (error.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    throw;
                }
            }
        }

        throw new BootRefusedException($"no loopback address is free between 127.77.0.{First} and 127.77.0.{Last}");
    }

    public async Task OpenAsync(IPAddress server)
    {
        foreach (var forwarder in forwarders)
        {
            await forwarder.OpenAsync(new IPEndPoint(server, forwarder.Near.Port));
        }
    }

    public Task CloseAsync() => Task.WhenAll(forwarders.Select(forwarder => forwarder.CloseAsync()));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        reservation.Dispose();
    }

    // An abstract Unix socket: exclusive on the machine while the server is off too, and gone with this process.
    private static Socket? Reserve(IPAddress address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0sam-public-{address}"));
            return socket;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }
}
