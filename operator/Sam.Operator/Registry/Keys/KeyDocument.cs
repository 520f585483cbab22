using System.Security.Cryptography;
using System.Text.Json;

namespace Sam.Operator.Registry.Keys;

/// <summary>The ring as its Secret keeps it.</summary>
internal static class KeyDocument
{
    /// <summary>The Secret's key.</summary>
    public const string Key = "keys.json";

    private sealed record Document(string AnsweredRequest, Entry[] Keys);

    private sealed record Entry(DateTimeOffset CreatedAt, DateTimeOffset? SignsFrom, byte[] PrivateKey, byte[] Certificate);

    /// <summary>The ring as bytes.</summary>
    public static byte[] Write(KeyRing ring) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Document(
                ring.AnsweredRequest,
                [.. ring.Keys.Select(key => new Entry(key.CreatedAt, key.SignsFrom, key.ExportPrivateKey(), key.Certificate))]
            ),
            JsonSerializerOptions.Web
        );

    /// <summary>The ring out of bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ring; the message quotes none of them.</exception>
    public static KeyRing Read(byte[] json) => Parse(json) ?? throw new InvalidDataException("it is no list of keys");

    private static KeyRing? Parse(byte[] json)
    {
        try
        {
            var document = JsonSerializer.Deserialize<Document>(json, JsonSerializerOptions.Web);
            return document is { Keys.Length: > 0 }
                ? new KeyRing([.. document.Keys.Select(Load)], document.AnsweredRequest ?? "")
                : null;
        }
        catch (Exception fault) when (fault is JsonException or CryptographicException or ArgumentNullException)
        {
            return null; // without the fault: a parser's message may quote what it read
        }
    }

    private static SigningKey Load(Entry entry) =>
        SigningKey.Load(entry.PrivateKey, entry.Certificate, entry.CreatedAt, entry.SignsFrom);
}
