using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.Operator.Clients.Docker;

/// <summary>A Machine's TLS key and certificate as its user data carries them.</summary>
/// <param name="KeyPem">Private key, SEC 1 PEM. The only secret in user data.</param>
/// <param name="CertificatePem">Self-signed certificate.</param>
/// <param name="Pin">Base64 of the SHA-256 over the public key (SPKI), as status.engineKey shows it.</param>
public sealed record EngineKeyPair(string KeyPem, string CertificatePem, string Pin)
{
    /// <inheritdoc/>
    public override string ToString() => $"engine key {Pin}";
}

/// <summary>
/// Derives each Machine's TLS key from one secret, so that a create whose answer was lost has a known key too. Same secret and machine
/// id: same key, for ever.
/// </summary>
public sealed class EngineIdentity
{
    private static readonly byte[] label = "sam engine key v1"u8.ToArray();

    /// <summary>Order of the group of P-256 (FIPS 186-4, D.1.2.3).</summary>
    private static readonly BigInteger order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        isUnsigned: true,
        isBigEndian: true
    );

    private readonly byte[] secret;

    /// <summary>Takes at least 32 random bytes.</summary>
    public EngineIdentity(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < 32)
        {
            throw new ArgumentException("the secret that engine keys derive from must have at least 32 bytes", nameof(secret));
        }

        this.secret = secret.ToArray();
    }

    /// <summary>Key and certificate of one Machine.</summary>
    public EngineKeyPair For(string machineId)
    {
        using var key = KeyOf(machineId);
        using var certificate = SelfSigned(machineId, key);
        return new EngineKeyPair(
            key.ExportECPrivateKeyPem(),
            certificate.ExportCertificatePem(),
            Pin(key.ExportSubjectPublicKeyInfo())
        );
    }

    /// <summary>The public key (SPKI, DER) that the Machine's engine must show.</summary>
    public byte[] PublicKeyOf(string machineId)
    {
        using var key = KeyOf(machineId);
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>What status.engineKey shows of a public key.</summary>
    public static string Pin(ReadOnlySpan<byte> publicKey) => Convert.ToBase64String(SHA256.HashData(publicKey));

    /// <summary>
    /// FIPS 186-5, A.2.1: 64 bits more than the order has, reduced modulo order - 1, plus one. Always a valid scalar, and the bias is
    /// below 2^-64, so there is no loop.
    /// </summary>
    private ECDsa KeyOf(string machineId)
    {
        byte[] info = [.. label, .. Encoding.UTF8.GetBytes(machineId)];
        var bytes = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 40, salt: null, info);
        var scalar = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % (order - 1) + 1;
        var fixedLength = new byte[32];
        var written = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(fixedLength, 32 - written.Length);
        CryptographicOperations.ZeroMemory(bytes);

        // Without the public point: the import computes it from the scalar.
        var key = ECDsa.Create();
        key.ImportECPrivateKey(Sec1(fixedLength), out _);
        CryptographicOperations.ZeroMemory(fixedLength);
        return key;
    }

    private static byte[] Sec1(byte[] scalar)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(scalar);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
            {
                writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }
        }

        return writer.Encode();
    }

    /// <summary>Fixed dates and serial: nobody judges them (the key alone is pinned), and a clock that is wrong at first boot does not matter.</summary>
    private static X509Certificate2 SelfSigned(string machineId, ECDsa key)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={machineId}"), key, HashAlgorithmName.SHA256);
        var usage = new OidCollection { new Oid("1.3.6.1.5.5.7.3.1") };
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usage, critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(machineId);
        request.CertificateExtensions.Add(names.Build());
        var serial = SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..8];
        BinaryPrimitives.WriteUInt64BigEndian(
            serial,
            BinaryPrimitives.ReadUInt64BigEndian(serial) & 0x7FFF_FFFF_FFFF_FFFF | 1UL << 62
        );
        return request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
            serial
        );
    }
}
