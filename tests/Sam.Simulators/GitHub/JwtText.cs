using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Writes JWTs, for tests that speak to the simulator without a client.</summary>
internal static class JwtText
{
    public static string Sign(RSA key, string issuer, DateTimeOffset issued, DateTimeOffset expires)
    {
        JsonObject claims = new()
        {
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iss"] = issuer,
        };
        var signed = $"{Part(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" })}.{Part(claims)}";
        var proof = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(proof)}";
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
