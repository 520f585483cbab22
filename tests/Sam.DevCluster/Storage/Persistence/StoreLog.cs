using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sam.DevCluster.Storage.Persistence;

/// <summary>
/// Keeps a store in a file. A change is written before it is acknowledged, so that the death of the process loses nothing; it is synced to the
/// disk when the log is rewritten and at the end, so that the death of the machine may lose the last changes, never the older ones.
/// </summary>
internal sealed class StoreLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly long _slack;
    private readonly FileStream _claim;
    private readonly Dictionary<string, byte[]> _secrets;
    private SafeFileHandle _file;
    private long _length;
    private long _dueAt;
    private List<byte[]>? _meanwhile;
    private Task _rewriting = Task.CompletedTask;

    private StoreLog(string path, long slack)
    {
        (_path, _slack) = (path, slack);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _claim = Claim(path + ".lock");
        try
        {
            File.Delete(path + ".new");
            Content = LogContent.Read(path);
            _secrets = Content.Secrets;
            _file = Open(path, FileMode.OpenOrCreate);
            _length = Content.Length;
            RandomAccess.SetLength(_file, _length);
            if (_length == 0)
                Write(LogContent.Magic);
            _dueAt = (2 * _length) + slack;
        }
        catch
        {
            _claim.Dispose();
            throw;
        }
    }

    /// <summary>What the file held when it was opened.</summary>
    public LogContent Content { get; }

    /// <summary>Opens or makes a log; a clear refusal when it is in use or damaged.</summary>
    public static StoreLog Open(string path, long slack = 4 * 1024 * 1024)
    {
        try
        {
            return new StoreLog(Path.GetFullPath(path), slack);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{path} cannot be read: {fault.Message}; move it away to start anew", fault);
        }
    }

    /// <summary>Writes a change; throws when it cannot be written, and then nothing has changed.</summary>
    public void Append(string shelf, StoredObject stored, bool isGone) =>
        Append(
            isGone
                ? new LogRecord(RecordKind.Remove, stored.Version, shelf, Encoding.UTF8.GetBytes(stored.Key))
                : new LogRecord(RecordKind.Put, stored.Version, shelf, stored.Json)
        );

    /// <summary>Whether the log holds so much that is over that it is worth a rewrite.</summary>
    public bool IsDue
    {
        get
        {
            lock (_gate)
                return _length > _dueAt && _meanwhile is null;
        }
    }

    /// <summary>Ends when no rewrite goes on.</summary>
    internal Task Rewriting => Volatile.Read(ref _rewriting);

    /// <summary>What was made once and is to stay: keys, certificates, tokens.</summary>
    public byte[] GetOrAdd(string name, Func<byte[]> make)
    {
        lock (_gate)
        {
            if (!_secrets.TryGetValue(name, out var secret))
            {
                secret = make();
                Append(new LogRecord(RecordKind.Secret, 0, name, secret));
                _secrets[name] = secret;
            }
            return secret;
        }
    }

    /// <summary>Rewrites the log from the present objects, beside the writes that go on meanwhile.</summary>
    public void Rewrite(IReadOnlyList<(string Shelf, StoredObject Stored)> objects, long version)
    {
        lock (_gate)
        {
            _meanwhile = [];
            var records = new List<LogRecord> { new(RecordKind.Version, version, "", default) };
            records.AddRange(_secrets.Select(pair => new LogRecord(RecordKind.Secret, 0, pair.Key, pair.Value)));
            records.AddRange(
                objects.Select(pair => new LogRecord(RecordKind.Put, pair.Stored.Version, pair.Shelf, pair.Stored.Json))
            );
            _rewriting = Task.Run(() => RewriteAsNew(records));
        }
    }

    public void Dispose()
    {
        _rewriting.Wait();
        lock (_gate)
        {
            RandomAccess.FlushToDisk(_file);
            _file.Dispose();
        }
        _claim.Dispose();
    }

    private void RewriteAsNew(List<LogRecord> records)
    {
        var file = Open(_path + ".new", FileMode.Create);
        long length = LogContent.Magic.Length;
        RandomAccess.Write(file, LogContent.Magic, 0);
        foreach (var record in records)
            length = WriteAt(file, record.Encode(), length);
        RandomAccess.FlushToDisk(file);
        lock (_gate)
        {
            foreach (var bytes in _meanwhile!)
                length = WriteAt(file, bytes, length);
            // The old log is whole until this moment, the new one from this moment on.
            File.Move(_path + ".new", _path, overwrite: true);
            _file.Dispose();
            (_file, _length, _dueAt, _meanwhile) = (file, length, (2 * length) + _slack, null);
        }
    }

    private void Append(LogRecord record)
    {
        lock (_gate)
        {
            var bytes = record.Encode();
            Write(bytes);
            _meanwhile?.Add(bytes);
        }
    }

    private void Write(byte[] bytes)
    {
        try
        {
            _length = WriteAt(_file, bytes, _length);
        }
        catch (IOException)
        {
            // Half a record would hide what comes after it.
            RandomAccess.SetLength(_file, _length);
            throw;
        }
    }

    private static long WriteAt(SafeFileHandle file, byte[] bytes, long at)
    {
        RandomAccess.Write(file, bytes, at);
        return at + bytes.Length;
    }

    // It holds secrets: for its owner only.
    private static SafeFileHandle Open(string path, FileMode mode)
    {
        var handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    // A file of its own, as the log itself is replaced now and then.
    private static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"{path} is held by another dev cluster", fault);
        }
    }
}
