using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sam.Operator.Registry.Keys;

/// <summary>The keys as they are kept, oldest first: one, or two while a rotation is under way.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="AnsweredRequest">The last forced rotation that was begun, so that one request makes one rotation.</param>
internal sealed record KeyRing(ImmutableArray<SigningKey> Keys, string AnsweredRequest = "")
{
    /// <summary>The key that signs: of those whose time has come, the newest.</summary>
    public SigningKey Signer(DateTimeOffset now) => Keys.LastOrDefault(key => key.SignsFrom <= now) ?? Keys[0];

    /// <summary>The key of a token that SAM has to verify itself; null if it is not accepted (any more).</summary>
    public SigningKey? ByThumbprint(string thumbprint) => Keys.FirstOrDefault(key => key.Thumbprint == thumbprint);

    /// <summary>What a registry's <c>rootcertbundle</c> is: certificates, one after the other.</summary>
    public string Bundle() => string.Concat(Keys.Select(key => PemEncoding.WriteString("CERTIFICATE", key.Certificate) + "\n"));

    /// <summary>What a registry's <c>jwks</c> is (RFC 7517).</summary>
    public string Jwks() =>
        JsonSerializer.Serialize(
            new
            {
                keys = Keys.Select(key => new
                {
                    kty = "EC",
                    crv = "P-256",
                    alg = "ES256",
                    use = "sig",
                    kid = key.Thumbprint,
                    x = key.X,
                    y = key.Y,
                }),
            }
        );

    /// <inheritdoc/>
    public override string ToString() => $"{Keys.Length} registry keys";

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Keys.Length);
        return true;
    }
}
