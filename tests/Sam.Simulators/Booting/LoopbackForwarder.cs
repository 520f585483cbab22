using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sam.Simulators.Booting;

/// <summary>One loopback port of this machine that leads to a port in another network namespace.</summary>
/// <remarks>
/// While closed it refuses connections. While open it accepts first and dials then, so a far side that refuses shows as
/// a reset. No thread per connection, no buffer held by an idle one.
/// </remarks>
/// <param name="space">The namespace of the far side.</param>
/// <param name="near">Where to listen on this machine.</param>
/// <param name="time">The clock.</param>
public sealed class LoopbackForwarder(NetworkNamespace space, IPEndPoint near, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ForwardedConnection, byte> connections = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Near => near;

    /// <summary>How many connections it carries now.</summary>
    public int Connections => connections.Count;

    /// <summary>Listens and leads to <paramref name="far"/>; whatever was open before is cut.</summary>
    /// <exception cref="SocketException">The near address is in use or not allowed.</exception>
    public async Task OpenAsync(IPEndPoint far)
    {
        await CloseAsync();
        var opened = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            opened.Bind(near);
            opened.Listen(512);
        }
        catch (SocketException)
        {
            opened.Dispose();
            throw;
        }

        listener = opened;
        accepting = AcceptAsync(opened, far);
    }

    /// <summary>Refuses new connections and resets those that are there, as a machine without power would not answer.</summary>
    public async Task CloseAsync()
    {
        var closing = Interlocked.Exchange(ref listener, null);
        closing?.Dispose();
        await accepting;
        foreach (var connection in connections.Keys)
        {
            connection.Abort();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task AcceptAsync(Socket opened, IPEndPoint far)
    {
        while (true)
        {
            try
            {
                var connection = new ForwardedConnection(await opened.AcceptAsync());
                connections[connection] = 0;
                _ = CarryAsync(connection, far);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                // The waiting connection stays in the backlog; asking again at once would only spin.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                if (!ReferenceEquals(listener, opened))
                {
                    return;
                }
            }
        }
    }

    private async Task CarryAsync(ForwardedConnection connection, IPEndPoint far)
    {
        try
        {
            await connection.RunAsync(space, far);
        }
        finally
        {
            connections.TryRemove(connection, out _);
        }
    }
}
