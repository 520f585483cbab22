using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.Operator.Registry.Keys;

/// <summary>One P-256 key with its self-signed certificate. The private part leaves only towards the Secret.</summary>
internal sealed class SigningKey
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static readonly TimeSpan s_certificateLife = TimeSpan.FromDays(20 * 365); // the key's end is its rotation
    private static readonly TimeSpan s_skew = TimeSpan.FromDays(1);
    private readonly byte[] _pkcs8;

    private SigningKey(byte[] pkcs8, byte[] certificate, DateTimeOffset createdAt, DateTimeOffset? signsFrom)
    {
        (_pkcs8, Certificate, CreatedAt, SignsFrom) = (pkcs8, certificate, createdAt, signsFrom);
        using var key = Open();
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        (X, Y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        // RFC 7638: the required members in the order of their names, nothing between them.
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members)));
        Fingerprint = LibtrustFingerprint(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The certificate, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it begins to sign; null until it was published.</summary>
    public DateTimeOffset? SignsFrom { get; }

    /// <summary>The point's coordinates, base64url.</summary>
    public string X { get; }

    /// <summary>The point's coordinates, base64url.</summary>
    public string Y { get; }

    /// <summary>The name of the key by RFC 7638.</summary>
    public string Thumbprint { get; }

    /// <summary>The name of the key as libtrust forms it.</summary>
    public string Fingerprint { get; }

    /// <summary>A new key.</summary>
    public static SigningKey Create(DateTimeOffset now, DateTimeOffset? signsFrom)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=sam registry tokens"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true)
        );
        using var certificate = request.CreateSelfSigned(now - s_skew, now + s_certificateLife);
        return new SigningKey(key.ExportPkcs8PrivateKey(), certificate.RawData, now, signsFrom);
    }

    /// <summary>Reads what <see cref="ExportPrivateKey"/> gave.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static SigningKey Load(byte[] pkcs8, byte[] certificate, DateTimeOffset createdAt, DateTimeOffset? signsFrom)
    {
        using var parsed = X509CertificateLoader.LoadCertificate(certificate);
        var loaded = new SigningKey(pkcs8, certificate, createdAt, signsFrom);
        using var key = loaded.Open();
        if (!parsed.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            throw new CryptographicException("The certificate is another key's");
        return loaded;
    }

    /// <summary>The same key with the time at which it begins to sign.</summary>
    public SigningKey Published(DateTimeOffset signsFrom) => new(_pkcs8, Certificate, CreatedAt, signsFrom);

    /// <summary>The private key, PKCS#8; for the Secret alone.</summary>
    public byte[] ExportPrivateKey() => _pkcs8;

    /// <summary>Signs: 64 bytes, r and s, as JOSE wants it.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = Open(); // a key of its own for each call: one instance is not made for two threads
        return key.SignData(data, HashAlgorithmName.SHA256);
    }

    /// <summary>Whether this key signed the data.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = Open();
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public override string ToString() => $"registry key {Thumbprint}";

    private ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(_pkcs8, out _);
        return key;
    }

    /// <summary>The first 30 bytes of the public key's SHA-256, base32, in groups of four.</summary>
    private static string LibtrustFingerprint(byte[] publicKeyInfo)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var part in SHA256.HashData(publicKeyInfo).AsSpan(0, 30))
        {
            held = (held << 8) | part;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Base32[(held >> (bits - 5)) & 31]);
            held &= (1 << bits) - 1;
        }

        return string.Join(':', text.ToString().Chunk(4).Select(group => new string(group)));
    }
}
