using System.Security.Cryptography;
using System.Text;

namespace Sam.Rules.Credentials;

/// <summary>Reads a GitHub App: keys <c>appId</c> and <c>privateKey</c> (PEM, PKCS#1 or PKCS#8, or base64 of it).</summary>
internal static class GitHubAppReader
{
    private const string Id = "appId";
    private const string Key = "privateKey";

    public static CredentialReading Read(SecretContent secret)
    {
        foreach (var name in (string[])[Id, Key])
        {
            if (!secret.Data.ContainsKey(name))
                return CredentialReading.No(CredentialFault.SecretNotFound, $"Secret {secret.Name} has no key {name}");
        }

        // An id written as a number in JSON or YAML may come in quotes.
        var id = CredentialReader.Text(secret.Data[Id])?.Trim('"');
        if (id is not { Length: > 0 and <= 64 } || !id.All(character => char.IsAsciiLetterOrDigit(character) || character == '.'))
            return CredentialReader.Unreadable(secret, Id, "is no id of an App, which is a number (or its client id)");
        var pem = Pem(CredentialReader.Text(secret.Data[Key]));
        return pem is not null && IsRsaKey(pem)
            ? new CredentialReading.Read(new Credential(CredentialForm.GitHubApp, pem) { AppId = id })
            : CredentialReader.Unreadable(secret, Key, "is no RSA private key in PEM, nor base64 of one");
    }

    private static string? Pem(string? text)
    {
        if (text is null || text.StartsWith("-----BEGIN", StringComparison.Ordinal))
            return text;
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var written)
            ? Encoding.UTF8.GetString(buffer.AsSpan(0, written)).Trim()
            : null;
    }

    private static bool IsRsaKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            // A public key imports too, and cannot sign.
            return rsa.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
