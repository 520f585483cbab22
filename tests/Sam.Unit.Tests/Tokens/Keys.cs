using System.Security.Cryptography;

namespace Sam.Unit.Tests.Tokens;

/// <summary>One App key for all tests: making one takes long.</summary>
internal static class Keys
{
    private static readonly Lazy<(string Pkcs1, string Pkcs8)> s_key = new(() =>
    {
        using var rsa = RSA.Create(2048);
        return (rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem());
    });

    public static string Pem => s_key.Value.Pkcs1;

    public static string Pkcs8 => s_key.Value.Pkcs8;
}
