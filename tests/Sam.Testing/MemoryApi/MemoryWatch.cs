using Sam.Runtime.Transport;

namespace Sam.Testing.MemoryApi;

/// <summary>An open watch: lines in the order they were sent, and the ways in which a connection goes bad.</summary>
internal sealed class MemoryWatch(string collection, bool holds) : ILineReader, IDisposable
{
    private readonly Queue<string> _lines = [];
    private readonly List<string> _held = [];
    private TaskCompletionSource? _reader;
    private bool _holds = holds;

    private Exception? _fault;

    public string Collection { get; } = collection;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether its connection is dead.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>What ends it when its time is over.</summary>
    public IDisposable? Timer { get; set; }

    /// <summary>Tells whoever keeps it that it is over.</summary>
    public Action<MemoryWatch> Closed { get; init; } = _ => { };

    public void Send(string line)
    {
        if (!IsOpen || IsSilent)
            return;
        if (_holds)
        {
            _held.Add(line);
            return;
        }

        _lines.Enqueue(line);
        _reader?.TrySetResult();
    }

    /// <summary>Sends what was held back, and holds no more.</summary>
    public void Release()
    {
        _holds = false;
        _held.ForEach(Send);
        _held.Clear();
    }

    /// <summary>The connection is dead and nobody says so.</summary>
    public void FallSilent() => IsSilent = true;

    /// <summary>The server ends it, or the connection breaks with a fault.</summary>
    public void End(Exception? fault = null)
    {
        _fault = fault;
        Close();
        _reader?.TrySetResult();
    }

    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_lines.TryDequeue(out var line))
                return line;
            if (!IsOpen)
                return _fault is null ? null : throw _fault;
            var reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _reader = reader;
            using var cancelled = cancellationToken.Register(() => reader.TrySetCanceled(cancellationToken));
            await reader.Task;
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        Timer?.Dispose();
        Closed(this);
    }
}
