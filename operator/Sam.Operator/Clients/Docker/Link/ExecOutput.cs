using System.Buffers.Binary;
using System.Text;

namespace Sam.Operator.Clients.Docker;

/// <summary>Takes Docker's multiplexed frames (8-byte header: stream, length) apart and keeps a bounded part of each stream.</summary>
/// <param name="lastErrors">Keep the end of the error output, and not its beginning.</param>
internal sealed class ExecOutput(bool lastErrors = false) : IDisposable
{
    private const int OutputBytes = 1024 * 1024;
    private const int ErrorBytes = 64 * 1024;

    private readonly Lock gate = new();
    private readonly MemoryStream output = new();
    private readonly MemoryStream error = new();
    private readonly TailBuffer? tail = lastErrors ? new TailBuffer(ErrorBytes) : null;

    /// <summary>Reads to the end of the stream; what goes beyond the bounds is read and dropped, or the command would block.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[8];
        var buffer = new byte[32 * 1024];
        while (
            await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) == header.Length
        )
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            while (left > 0)
            {
                var count = await stream.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(left, (uint)buffer.Length)),
                    cancellationToken
                );
                if (count == 0)
                {
                    return;
                }

                Keep(header[0] == 2, buffer.AsSpan(0, count));
                left -= (uint)count;
            }
        }
    }

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    public ExecResult ToResult(int exitCode, bool complete)
    {
        lock (gate)
        {
            return new ExecResult(exitCode, Text(output), tail is null ? Text(error) : Encoding.UTF8.GetString(tail.ToArray()))
            {
                OutputComplete = complete,
            };
        }
    }

    private void Keep(bool isError, ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (isError && tail is not null)
            {
                tail.Write(bytes);
                return;
            }

            var target = isError ? error : output;
            var room = (isError ? ErrorBytes : OutputBytes) - (int)target.Length;
            target.Write(bytes[..Math.Min(room, bytes.Length)]);
        }
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
}
