using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Operator.Registry.Keys;

namespace Sam.Operator.Registry.Tokens;

/// <summary>JSON Web Tokens, ES256 only: what a header may name is decided here, never by the token.</summary>
internal static class JsonWebToken
{
    private const string Algorithm = "ES256";
    private const int Longest = 16 * 1024;

    /// <summary>Signs claims.</summary>
    /// <param name="key">The key.</param>
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="reference">How the reader finds the key; Distribution 2.x takes the first of x5c and kid, and knows one form of kid.</param>
    /// <param name="claims">The claims.</param>
    public static string Sign(SigningKey key, string type, KeyReference reference, JsonObject claims)
    {
        var header = new JsonObject { ["typ"] = type, ["alg"] = Algorithm };
        if (reference == KeyReference.Certificate)
            header["x5c"] = new JsonArray(Convert.ToBase64String(key.Certificate)); // base64 with padding, not base64url (RFC 7515, 4.1.6)
        else
            header["kid"] = reference == KeyReference.Fingerprint ? key.Fingerprint : key.Thumbprint;
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims of a token of ours; null if it is of another type, of no accepted key, or not signed by it.</summary>
    public static JsonObject? Verify(string token, string type, KeyRing ring)
    {
        if (token.Length > Longest || token.Split('.') is not [var head, var body, var signature])
            return null;
        if (Decode(head) is not { } header || Text(header, "typ") != type || Text(header, "alg") != Algorithm)
            return null;
        if (Text(header, "kid") is not { } thumbprint || ring.ByThumbprint(thumbprint) is not { } key)
            return null;
        return Bytes(signature) is { } bytes && key.Verify(Encoding.ASCII.GetBytes($"{head}.{body}"), bytes)
            ? Decode(body)
            : null;
    }

    /// <summary>The claims of a token that somebody else has verified; null if it is no such token.</summary>
    public static JsonObject? Peek(string token) => token.Split('.') is [_, var body, _] ? Decode(body) : null;

    /// <summary>A claim that is text.</summary>
    public static string? Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A claim that is a time in whole seconds.</summary>
    public static DateTimeOffset? Time(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue(out long seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static JsonObject? Decode(string part)
    {
        try
        {
            return Bytes(part) is { } bytes ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null; // not ours
        }
    }

    private static byte[]? Bytes(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null; // not ours
        }
    }
}
