namespace Sam.Operator.Clients.Docker;

/// <summary>Keeps the last bytes of a stream.</summary>
internal sealed class TailBuffer(int capacity)
{
    private readonly byte[] ring = new byte[capacity];
    private long written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Max(0, bytes.Length - capacity);
        written += skipped;
        foreach (var value in bytes[skipped..])
        {
            ring[written++ % capacity] = value;
        }
    }

    /// <summary>Oldest first, from a whole line or character on where the start was cut off.</summary>
    public byte[] ToArray()
    {
        if (written <= capacity)
        {
            return ring[..(int)written];
        }

        var start = (int)(written % capacity);
        byte[] all = [.. ring[start..], .. ring[..start]];
        var line = Array.IndexOf(all, (byte)'\n') + 1;
        return line > 0 && line < all.Length ? all[line..] : all;
    }
}
