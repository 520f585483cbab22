using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sam.Simulators.Booting;

namespace Sam.EndToEnd.Tests.Lab;

/// <summary>The forwarder between two ports of this machine; other namespaces are covered by the servers that boot.</summary>
public sealed class LoopbackForwarderTests : IAsyncLifetime
{
    private static readonly IPAddress NearAddress = IPAddress.Parse("127.77.1.1");
    private readonly Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private NetworkNamespace space = null!;
    private LoopbackForwarder forwarder = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        far.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        far.Listen();
        space = await NetworkNamespace.OpenAsync("");
        forwarder = new LoopbackForwarder(
            space,
            new IPEndPoint(NearAddress, ((IPEndPoint)far.LocalEndPoint!).Port),
            TimeProvider.System
        );
        await forwarder.OpenAsync((IPEndPoint)far.LocalEndPoint!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await forwarder.DisposeAsync();
        await space.DisposeAsync();
        far.Dispose();
    }

    [Fact]
    public async Task A_half_closed_side_still_gets_its_answer()
    {
        using var client = await ConnectAsync();
        using var server = await far.AcceptAsync(Stop);

        await client.SendAsync(Encoding.ASCII.GetBytes("question"), Stop);
        client.Shutdown(SocketShutdown.Send);
        var question = await ReadToEndAsync(server);
        await server.SendAsync(Encoding.ASCII.GetBytes("answer to " + Encoding.ASCII.GetString(question)), Stop);
        server.Shutdown(SocketShutdown.Send);

        Assert.Equal("answer to question", Encoding.ASCII.GetString(await ReadToEndAsync(client)));
    }

    [Fact]
    public async Task Many_bytes_arrive_whole_though_the_reader_starts_late()
    {
        var sent = RandomNumberGenerator.GetBytes(16 * 1024 * 1024);
        using var client = await ConnectAsync();
        using var server = await far.AcceptAsync(Stop);

        var sending = SendAllAsync(client, sent);
        Assert.False(sending.IsCompleted); // nobody reads, so it must wait: the forwarder holds back
        var received = await ReadToEndAsync(server);
        await sending;

        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task A_far_side_that_refuses_shows_as_a_reset()
    {
        far.Dispose();

        // The reset may come before the caller has seen that it was accepted.
        var error = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync();
            await client.ReceiveAsync(new byte[1], Stop);
        });

        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_reset_of_the_far_side_is_carried_over()
    {
        using var client = await ConnectAsync();
        using (var server = await far.AcceptAsync(Stop))
        {
            server.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await AssertResetAsync(client);
    }

    [Fact]
    public async Task Closing_resets_what_is_open_and_refuses_until_it_is_opened_again()
    {
        using var before = await ConnectAsync();
        using var server = await far.AcceptAsync(Stop);

        await forwarder.CloseAsync();
        await AssertResetAsync(before);
        var refused = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        await forwarder.OpenAsync((IPEndPoint)far.LocalEndPoint!);
        using var after = await ConnectAsync();
        using var again = await far.AcceptAsync(Stop);
        Assert.True(again.Connected);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(forwarder.Near, Stop);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task AssertResetAsync(Socket socket)
    {
        var error = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], Stop));

        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, Stop)..];
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, Stop) is var count and > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
