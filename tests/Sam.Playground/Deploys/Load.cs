using System.Collections.Concurrent;
using System.Net;

namespace Sam.Playground.Deploys;

/// <summary>Requests at a steady rate, half of them on new connections, and what became of them.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>Requests a second.</summary>
    public const int Rate = 200;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly SiteClient _fresh;
    private readonly SiteClient _kept;
    private readonly string _url;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<Task, bool> _open = [];
    private readonly Task _running;
    private long _asked;
    private long _failedOnce;
    private long _failed;
    private volatile string _last = "";

    public Load(IPAddress address, string rootPem, string url)
    {
        _fresh = new SiteClient(address, rootPem, keepsAlive: false);
        _kept = new SiteClient(address, rootPem);
        _url = url;
        _running = RunAsync();
    }

    /// <summary>Requests so far.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Requests whose first try failed.</summary>
    public long FailedOnce => Interlocked.Read(ref _failedOnce);

    /// <summary>Requests that failed twice, the second time at once after the first.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Requests without an answer yet.</summary>
    public int Open => _open.Count;

    /// <summary>What the last good answer said.</summary>
    public string Last => _last;

    /// <summary>Faults by their text.</summary>
    public IReadOnlyDictionary<string, int> Faults =>
        _faults.GroupBy(fault => fault).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Counts up to now, to be taken from later ones.</summary>
    public (long Asked, long FailedOnce, long Failed) Now => (Asked, FailedOnce, Failed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_open.Keys);
        _fresh.Dispose();
        _kept.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Send(_fresh);
                Send(_kept);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void Send(SiteClient client)
    {
        var request = AskAsync(client);
        _open[request] = true;
        _ = request.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task AskAsync(SiteClient client)
    {
        Interlocked.Increment(ref _asked);
        if (await GoodAsync(client))
            return;
        Interlocked.Increment(ref _failedOnce);
        if (!await GoodAsync(client))
            Interlocked.Increment(ref _failed);
    }

    private async Task<bool> GoodAsync(SiteClient client)
    {
        var (status, body) = await client.GetAsync(_url, CancellationToken.None);
        if (status == 200)
            _last = body;
        else
            _faults.Add(status == 0 ? body : $"HTTP {status}");
        return status == 200;
    }
}
