using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sam.EndToEnd.Tests.Docker;

/// <summary>Opens TCP connections inside another network namespace: a socket stays in the namespace of the thread that made it.</summary>
internal sealed partial class NetworkNamespaceDialer(string name)
{
    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = await MakeSocketAsync(address.AddressFamily);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that listens there; the caller owns it.</summary>
    public async Task<Socket> ListenAsync(IPEndPoint address)
    {
        var socket = await MakeSocketAsync(address.AddressFamily);
        socket.Bind(address);
        socket.Listen();
        return socket;
    }

    private Task<Socket> MakeSocketAsync(AddressFamily family)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own, that ends: it never comes back from the namespace.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace((int)handle.DangerousGetHandle(), 0x40000000) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                made.SetResult(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception exception) when (exception is Win32Exception or IOException or SocketException)
            {
                made.SetException(exception);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return made.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
