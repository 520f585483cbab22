using System.Text;

namespace Sam.DevCluster.Storage.Persistence;

/// <summary>What a log amounts to once all of it is read.</summary>
internal sealed class LogContent
{
    /// <summary>The first bytes of every log: what has others is somebody else's file.</summary>
    public static readonly byte[] Magic = "SAMLOG1\n"u8.ToArray();

    private readonly Dictionary<(string Shelf, string Key), StoredObject> _objects = [];

    public long Version { get; private set; }

    public Dictionary<string, byte[]> Secrets { get; } = new(StringComparer.Ordinal);

    public IEnumerable<(string Shelf, StoredObject Stored)> Objects => _objects.Select(pair => (pair.Key.Shelf, pair.Value));

    /// <summary>Where the last whole record ends; what follows was being written when the process died.</summary>
    public int Length { get; private set; }

    public static LogContent Read(string path)
    {
        var content = new LogContent();
        if (!File.Exists(path))
            return content;
        var file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Magic) && !Magic.AsSpan().StartsWith(file))
            throw new InvalidDataException("it is not the log of a dev cluster");
        if (file.Length < Magic.Length)
            return content;
        var at = Magic.Length;
        while (LogRecord.Read(file, ref at) is { } record)
            content.Add(record);
        content.Length = at;
        return content;
    }

    private void Add(LogRecord record)
    {
        Version = Math.Max(Version, record.Version);
        switch (record.Kind)
        {
            case RecordKind.Put:
                var stored = StoredObject.Restore(record.Data.ToArray(), record.Version);
                _objects[(record.Name, stored.Key)] = stored;
                break;
            case RecordKind.Remove:
                _objects.Remove((record.Name, Encoding.UTF8.GetString(record.Data.Span)));
                break;
            case RecordKind.Secret:
                Secrets[record.Name] = record.Data.ToArray();
                break;
            case RecordKind.Version:
                break;
            default:
                throw new InvalidDataException($"a record has the unknown kind {record.Kind}");
        }
    }
}
