using System.Text;

namespace Sam.DevCluster.Aggregation;

/// <summary>
/// Writes a header of several values as one line each: <see cref="HttpClient"/> joins them with commas, and servers in Go do not
/// split those. Good for one request per connection.
/// </summary>
internal sealed class RepeatedHeaders(Stream inner) : Stream
{
    private static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    private MemoryStream? _head = new();

    /// <summary>Stands between the values of a header until it is sent.</summary>
    public static string Separator { get; } = $";{Guid.NewGuid():N};";

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head is null)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            return;
        }
        _head.Write(buffer.Span);
        var sent = _head.ToArray();
        var at = sent.AsSpan().IndexOf(End);
        if (at < 0)
            return;
        _head = null;
        await inner.WriteAsync(Split(Encoding.Latin1.GetString(sent, 0, at + End.Length)), cancellationToken);
        await inner.WriteAsync(sent.AsMemory(at + End.Length), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _head is null ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _head?.Dispose();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private static byte[] Split(string head) =>
        Encoding.Latin1.GetBytes(
            string.Join(
                "\r\n",
                head.Split("\r\n")
                    .SelectMany(line =>
                    {
                        var values = line.Split(Separator);
                        var name = line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)];
                        return values.Select((value, index) => index == 0 ? value : $"{name} {value}");
                    })
            )
        );
}
