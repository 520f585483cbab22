using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sam.Rules.Credentials;

namespace Sam.Operator.Clients.GitHub;

/// <summary>An App's id and private key; the key leaves this class only as a signature.</summary>
public sealed class GitHubAppKey : IEquatable<GitHubAppKey>
{
    private readonly RSAParameters _key;

    internal GitHubAppKey(string appId, RSAParameters key)
    {
        AppId = appId;
        _key = key;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(key.Modulus!))[..12];
    }

    /// <summary>The App's id (or client id), the issuer of its JWTs.</summary>
    public string AppId { get; }

    /// <summary>Tells keys apart without showing them.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads id and key as they stand in a Secret; what is forgiven, and what is not, says <see cref="GitHubAppKeyReader"/>.</summary>
    /// <exception cref="FormatException">No App id or no usable RSA key; the message says what is wrong and shows nothing.</exception>
    public static GitHubAppKey Read(string appId, string privateKey) =>
        new(GitHubAppKeyReader.ReadId(appId), GitHubAppKeyReader.ReadKey(privateKey));

    /// <summary>A JWT of this App: issued 60 s in the past, 10 minutes long.</summary>
    internal string SignJwt(DateTimeOffset now)
    {
        var issuedAt = now.ToUnixTimeSeconds() - 60;
        // The id as a text: GitHub takes both, and a client id is no number.
        var payload = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iat":{{issuedAt}},"exp":{{issuedAt + 600}},"iss":"{{AppId}}"}"""
        );
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(payload)}";
        using var rsa = RSA.Create(_key);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64(signature)}";
    }

    /// <inheritdoc/>
    public bool Equals(GitHubAppKey? other) =>
        other is not null && AppId == other.AppId && _key.Modulus.AsSpan().SequenceEqual(other._key.Modulus);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GitHubAppKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AppId, Fingerprint);

    /// <inheritdoc/>
    public override string ToString() => $"github-app-{AppId}-{Fingerprint}";

    private static string Encode(string text) => Base64(Encoding.UTF8.GetBytes(text));

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
