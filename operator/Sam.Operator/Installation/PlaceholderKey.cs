using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Sam.Operator.Installation;

/// <summary>
/// A public SSH key that nobody can log in with: a point on the curve that is found by hashing, so that no private half was ever known. Every create
/// names it, since Hetzner mails a root password for a server without a key.
/// </summary>
internal static class PlaceholderKey
{
    private const string Type = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";

    // The field of P-256 and its b (FIPS 186-4, D.1.2.3); a is -3.
    private static readonly BigInteger s_prime = Number("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger s_b = Number("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    /// <summary>The key of an installation, as one line of OpenSSH (RFC 5656, section 3.1).</summary>
    public static string Of(string installation)
    {
        var (x, y) = PointOf(installation);
        byte[] point = [4, .. Fixed(x), .. Fixed(y)];
        using var blob = new MemoryStream();
        foreach (var part in (byte[][])[Encoding.ASCII.GetBytes(Type), Encoding.ASCII.GetBytes(Curve), point])
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            blob.Write(length);
            blob.Write(part);
        }

        return $"{Type} {Convert.ToBase64String(blob.ToArray())} sam-nobody";
    }

    /// <summary>The first x from the hash on for which the curve has a y: every second number has one.</summary>
    private static (BigInteger X, BigInteger Y) PointOf(string installation)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"sam placeholder key v1 {installation}"));
        for (var x = new BigInteger(hash, isUnsigned: true, isBigEndian: true) % s_prime; ; x++)
        {
            var square = (BigInteger.ModPow(x, 3, s_prime) - (3 * x) + s_b) % s_prime;
            square = square < 0 ? square + s_prime : square;
            // The prime is 3 modulo 4, so this is the root if there is one.
            var y = BigInteger.ModPow(square, (s_prime + 1) / 4, s_prime);
            if (y * y % s_prime == square)
                return (x, y);
        }
    }

    private static byte[] Fixed(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    private static BigInteger Number(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
}
