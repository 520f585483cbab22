using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sam.Rules.Credentials;

#pragma warning disable MA0054 // what caused a fault here quotes what it could not read, and that may be a key

/// <summary>
/// Reads an App's id and key as people store them: PEM of PKCS#1 or PKCS#8, base64 of it, quoted or in a JSON object, with line breaks of
/// any kind or written as <c>\n</c>, and blanks around. Nothing of the text gets into a message.
/// </summary>
public static class GitHubAppKeyReader
{
    private const int MaxLength = 64 * 1024;
    private const int MinKeyBits = 2048;
    private static readonly string[] s_idMembers = ["appId", "app_id", "id", "clientId", "client_id"];
    private static readonly string[] s_keyMembers = ["privateKey", "private_key", "pem", "key"];

    /// <summary>The id: digits, or a client id.</summary>
    /// <exception cref="FormatException">It is neither; the message shows nothing of the text.</exception>
    public static string ReadId(string text)
    {
        var id = Unwrap(text, s_idMembers, "The App's id");
        return id.Length is > 0 and <= 40 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '.')
            ? id
            : throw new FormatException("The App's id is neither a number nor a client id.");
    }

    /// <summary>The key.</summary>
    /// <exception cref="FormatException">It is no usable key; the message shows nothing of the text.</exception>
    public static RSAParameters ReadKey(string text)
    {
        var pem = Unwrap(text, s_keyMembers, "The App's private key");
        if (!pem.Contains("-----BEGIN", StringComparison.Ordinal))
            pem = Unwrap(FromBase64(pem), s_keyMembers, "The App's private key");
        pem = pem.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new FormatException("The App's private key is encrypted; store it without a password.");
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            var key = rsa.ExportParameters(includePrivateParameters: true);
            return rsa.KeySize >= MinKeyBits
                ? key
                : throw new FormatException($"The App's private key has {rsa.KeySize} bits; {MinKeyBits} are the least.");
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            // The inner exception may quote what it could not read.
            throw new FormatException("The App's private key is no RSA private key in PEM form (PKCS#1 or PKCS#8).");
        }
    }

    private static string Unwrap(string text, string[] members, string what)
    {
        if (text.Length > MaxLength)
            throw new FormatException($"{what} is longer than 64 KiB.");
        var trimmed = text.Trim().TrimStart('\uFEFF');
        if (trimmed is not ['"' or '{', ..])
            return trimmed;
        try
        {
            using var document = JsonDocument.Parse(trimmed);
            return Member(document.RootElement, members)?.Trim()
                ?? throw new FormatException($"{what} is JSON without a member {string.Join(" or ", members.Take(2))}.");
        }
        catch (JsonException)
        {
            throw new FormatException($"{what} begins as JSON and is none.");
        }
    }

    private static string? Member(JsonElement element, string[] members) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.Object => members
                .Select(name => element.TryGetProperty(name, out var found) ? Member(found, members) : null)
                .FirstOrDefault(found => found is not null),
            _ => null,
        };

    private static string FromBase64(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            throw new FormatException("The App's private key is neither PEM nor base64 of it.");
        }
    }
}
