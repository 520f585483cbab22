using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sam.Simulators.Booting;

/// <summary>Makes TCP sockets that live in another network namespace.</summary>
/// <remarks>
/// A socket belongs to the namespace of the thread that made it and can be used from any thread afterwards. So one
/// thread enters the namespace for good and does nothing but make sockets; everything else stays asynchronous.
/// </remarks>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;
    private readonly BlockingCollection<TaskCompletionSource<Socket>>? wanted;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NetworkNamespace(BlockingCollection<TaskCompletionSource<Socket>>? wanted) => this.wanted = wanted;

    /// <summary>Opens the namespace at a path such as /run/netns/x; the empty path is this process' own.</summary>
    public static async Task<NetworkNamespace> OpenAsync(string path)
    {
        if (path.Length == 0)
        {
            return new NetworkNamespace(null);
        }

        var opened = new NetworkNamespace([]);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => opened.MakeSockets(path, entered)) { IsBackground = true, Name = $"sockets in {path}" };
        thread.Start();
        await entered.Task;
        return opened;
    }

    /// <summary>A new, unconnected TCP socket of this namespace.</summary>
    public Task<Socket> CreateSocketAsync()
    {
        if (wanted is null)
        {
            return Task.FromResult(NewSocket());
        }

        var request = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        wanted.Add(request);
        return request.Task;
    }

    /// <summary>Ends the thread; sockets already made live on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (wanted is not null && !wanted.IsAddingCompleted)
        {
            wanted.CompleteAdding();
            await ended.Task;
            wanted.Dispose();
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private void MakeSockets(string path, TaskCompletionSource entered)
    {
        try
        {
            Enter(path);
            entered.SetResult();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            entered.SetException(error);
            return;
        }

        foreach (var request in wanted!.GetConsumingEnumerable())
        {
            try
            {
                request.SetResult(NewSocket());
            }
            catch (SocketException error)
            {
                request.SetException(error);
            }
        }

        ended.SetResult();
    }

    private static void Enter(string path)
    {
        using var handle = File.OpenHandle(path);
        if (SetNamespace(handle, CloneNewNet) != 0)
        {
            throw new Win32Exception(
                Marshal.GetLastPInvokeError(),
                $"cannot enter the network namespace {path} (root is needed)"
            );
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeFileHandle handle, int kind);
}
