using System.Net;
using System.Net.Sockets;

namespace Sam.Operator.Clients.Docker;

/// <summary>Opens a byte stream to an engine's address; the default is plain TCP.</summary>
/// <param name="address">Where.</param>
/// <param name="cancellationToken">Ends the attempt.</param>
public delegate ValueTask<Stream> EngineDialer(IPEndPoint address, CancellationToken cancellationToken);

/// <summary>Time limits of a link. Outer limits derive from inner ones: <see cref="Validate"/> refuses an inverted configuration.</summary>
public sealed record MachineLinkOptions
{
    /// <summary>Limit of one connect with its TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Limit of a ping; it includes a connect.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of an ordinary call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit of a command from its start to its end.</summary>
    public TimeSpan ExecTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A pull that says nothing for so long is given up.</summary>
    public TimeSpan PullIdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>First pause after a failed connect; doubles up to <see cref="BackOffCap"/>.</summary>
    public TimeSpan BackOffStart { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause after a failed connect; short, because a Machine that boots is waited for through it.</summary>
    public TimeSpan BackOffCap { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long output may lag behind the end of a command, which exec inspect tells first.</summary>
    public TimeSpan ExecDrain { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How a connection is opened; tests put one into another network namespace here.</summary>
    public EngineDialer Dial { get; init; } = DialTcpAsync;

    /// <summary>All that is wrong with these limits.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(ConnectTimeout < PingTimeout, "ConnectTimeout must be below PingTimeout");
        Check(PingTimeout <= CallTimeout, "PingTimeout must not be above CallTimeout");
        Check(CallTimeout <= ExecTimeout, "CallTimeout must not be above ExecTimeout");
        Check(
            BackOffStart > TimeSpan.Zero && BackOffStart <= BackOffCap,
            "BackOffStart must be above zero and not above BackOffCap"
        );
        Check(PullIdleTimeout > TimeSpan.Zero, "PullIdleTimeout must be above zero");
        return errors;

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }
    }

    private static async ValueTask<Stream> DialTcpAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket);
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A peer that vanished without a word is found within half a minute, so that no event stream listens to a dead VM.</summary>
    public static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
