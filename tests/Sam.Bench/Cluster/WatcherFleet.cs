using System.Buffers.Text;
using System.Diagnostics;

namespace Sam.Bench.Cluster;

/// <summary>Many watchers; each takes the time between the write of an object and its arrival.</summary>
internal sealed class WatcherFleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpClient> _clients = [];
    private readonly List<Task> _running = [];
    private readonly List<List<double>> _latencies = [];
    private long _seen;

    private static ReadOnlySpan<byte> Mark => "\"sent\":\""u8;

    public static async Task<WatcherFleet> StartAsync(MeasuredCluster cluster, int count, CancellationToken cancellationToken)
    {
        var fleet = new WatcherFleet();
        for (var index = 0; index < count; index++)
        {
            var client = cluster.Connect();
            var response = await client.GetAsync(
                $"{MeasuredCluster.Path}?watch=1&allowWatchBookmarks=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan",
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            response.EnsureSuccessStatusCode();
            var latencies = new List<double>();
            fleet._clients.Add(client);
            fleet._latencies.Add(latencies);
            fleet._running.Add(Task.Run(() => fleet.FollowAsync(response, latencies), cancellationToken));
        }
        return fleet;
    }

    /// <summary>Waits until every watcher has seen so many changes, and takes their latencies in milliseconds, sorted.</summary>
    public async Task<double[]> TakeAsync(int changes, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _seen) < (long)changes * _clients.Count)
        {
            if (_running.Find(task => task.IsCompleted) is { } ended)
                await ended;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
        Interlocked.Exchange(ref _seen, 0);
        double[] all = [.. _latencies.SelectMany(list => list)];
        foreach (var list in _latencies)
            list.Clear();
        Array.Sort(all);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
        foreach (var client in _clients)
            client.Dispose();
        _stop.Dispose();
    }

    private async Task FollowAsync(HttpResponseMessage response, List<double> latencies)
    {
        using var owned = response;
        await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
        var buffer = new byte[256 * 1024];
        var kept = 0;
        while (await stream.ReadAsync(buffer.AsMemory(kept), _stop.Token) is > 0 and var read)
        {
            kept += read;
            var now = Stopwatch.GetTimestamp();
            var (count, used) = Lines(buffer.AsSpan(0, kept), now, latencies);
            buffer.AsSpan(used, kept - used).CopyTo(buffer);
            kept -= used;
            Interlocked.Add(ref _seen, count);
        }
        throw new InvalidOperationException("a watch has ended");
    }

    private static (int Count, int Used) Lines(ReadOnlySpan<byte> bytes, long now, List<double> latencies)
    {
        var (count, used) = (0, 0);
        while (bytes[used..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.Slice(used, length);
            used += length + 1;
            var mark = line.IndexOf(Mark);
            if (mark < 0 || !Utf8Parser.TryParse(line[(mark + Mark.Length)..], out long sent, out _))
                continue;
            latencies.Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
            count++;
        }
        return (count, used);
    }
}
