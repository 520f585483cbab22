using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sam.DevCluster.Storage.Persistence;

/// <summary>What a record says.</summary>
internal enum RecordKind : byte
{
    Put = 1,
    Remove = 2,
    Secret = 3,
    Version = 4,
}

/// <summary>One line of the log: length, checksum, kind, version, name, data.</summary>
internal readonly record struct LogRecord(RecordKind Kind, long Version, string Name, ReadOnlyMemory<byte> Data)
{
    private const int Head = 8;

    // More than any object can have: what claims to be longer is damage.
    private const int Longest = 64 * 1024 * 1024;

    public byte[] Encode()
    {
        var name = Encoding.UTF8.GetByteCount(Name);
        var bytes = new byte[Head + 11 + name + Data.Length];
        var body = bytes.AsSpan(Head);
        body[0] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(body[1..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(body[9..], (ushort)name);
        Encoding.UTF8.GetBytes(Name, body[11..]);
        Data.Span.CopyTo(body[(11 + name)..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum(body));
        return bytes;
    }

    /// <summary>Reads a record and moves behind it; null at the end, or where the last write was torn.</summary>
    public static LogRecord? Read(ReadOnlyMemory<byte> file, ref int at)
    {
        var left = file[at..];
        if (left.Length < Head)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(left.Span);
        if (length is < 11 or > Longest)
            throw Damage(at, "its length is impossible");
        if (left.Length < Head + length)
            return null;
        var body = left.Slice(Head, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(left.Span[4..]) != Checksum(body.Span))
            throw Damage(at, "its checksum is wrong");
        var name = BinaryPrimitives.ReadUInt16LittleEndian(body.Span[9..]);
        at += Head + length;
        return new LogRecord(
            (RecordKind)body.Span[0],
            BinaryPrimitives.ReadInt64LittleEndian(body.Span[1..]),
            Encoding.UTF8.GetString(body.Span.Slice(11, name)),
            body[(11 + name)..]
        );
    }

    private static InvalidDataException Damage(int at, string why) => new($"the record at byte {at} is damaged: {why}");

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
