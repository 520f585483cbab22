using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Sam.Simulators.Booting;

/// <summary>One connection carried both ways: bytes, half-close and resets.</summary>
internal sealed class ForwardedConnection(Socket near)
{
    private const int BufferSize = 64 * 1024;
    private readonly Lock gate = new();
    private Socket? far;
    private bool aborted;

    /// <summary>Dials the far side and carries until both directions have ended; never throws.</summary>
    public async Task RunAsync(NetworkNamespace space, IPEndPoint target)
    {
        try
        {
            near.NoDelay = true;
            var dialled = await space.CreateSocketAsync();
            if (!Adopt(dialled))
            {
                dialled.Dispose();
                return;
            }

            await dialled.ConnectAsync(target);
            await Task.WhenAll(PumpAsync(near, dialled), PumpAsync(dialled, near));
            near.Dispose();
            dialled.Dispose();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Refused, reset or closed under us: the other side learns it the same way.
            Abort();
        }
    }

    /// <summary>Resets both sides.</summary>
    public void Abort()
    {
        lock (gate)
        {
            aborted = true;
            Reset(near);
            Reset(far);
        }
    }

    private bool Adopt(Socket dialled)
    {
        lock (gate)
        {
            far = dialled;
            return !aborted;
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            while (await PumpOnceAsync(from, to)) { }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // At once, not after the other direction: that one may wait for ever.
            Abort();
        }
    }

    private static async Task<bool> PumpOnceAsync(Socket from, Socket to)
    {
        // An empty receive waits for data without holding a buffer.
        await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var count = await from.ReceiveAsync(buffer, SocketFlags.None);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return false;
            }

            for (var sent = 0; sent < count; )
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Reset(Socket? socket)
    {
        if (socket is null || socket.SafeHandle.IsClosed)
        {
            return;
        }

        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Already gone on its own: closing it below is all that is left to do.
            _ = error;
        }

        socket.Dispose();
    }
}
