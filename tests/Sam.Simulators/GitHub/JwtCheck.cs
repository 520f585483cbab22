using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Verifies an App's JWT as GitHub does: algorithm, signature, issuer, and its times by GitHub's clock.</summary>
internal sealed class JwtCheck(GitHubWorld world)
{
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>The App that signed it, or what GitHub says instead.</summary>
    public (SimulatedApp? App, Answer? Refusal) Verify(string jwt, TimeSpan clockOffset)
    {
        var parts = jwt.Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
        {
            return Undecodable();
        }
        if (Text(header["alg"]) != "RS256")
        {
            return Undecodable();
        }
        if (Find(Text(claims["iss"])) is not { } app)
        {
            return (null, Answer.Error(404, "Integration not found"));
        }
        if (!IsSigned(app, $"{parts[0]}.{parts[1]}", parts[2]))
        {
            return Undecodable();
        }
        return WrongTime(claims, world.Now + clockOffset) is { } problem ? (null, Answer.Unauthorized(problem)) : (app, null);
    }

    private static string? WrongTime(JsonObject claims, DateTimeOffset now)
    {
        if (Moment(claims["iat"]) is not { } issued || issued > now + s_skew)
        {
            return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
        }
        if (Moment(claims["exp"]) is not { } expires || expires <= now)
        {
            return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
                + "assertion expires";
        }
        // From the issue, which may be set back by the skew, and from now: neither may be longer than ten minutes.
        return expires - issued > s_longest + s_skew || expires > now + s_longest + s_skew
            ? "'Expiration time' claim ('exp') is too far in the future"
            : null;
    }

    private SimulatedApp? Find(string? issuer) =>
        long.TryParse(issuer, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? world.Apps.GetValueOrDefault(id)
            : world.Apps.Values.FirstOrDefault(app => app.ClientId == issuer);

    private static bool IsSigned(SimulatedApp app, string signed, string signature)
    {
        if (!Base64Url.IsValid(signature))
        {
            return false;
        }
        var (data, proof) = (Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(signature));
        return app.Keys.Any(key => key.VerifyData(data, proof, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static JsonObject? Json(string part)
    {
        try
        {
            return Base64Url.IsValid(part) ? JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null; // the caller answers that it cannot be decoded
        }
    }

    // The issuer may be a number or a text.
    private static string? Text(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? $"{node}" : null;

    private static DateTimeOffset? Moment(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number
        && long.TryParse($"{node}", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static (SimulatedApp?, Answer?) Undecodable() => (null, Answer.Unauthorized("A JSON web token could not be decoded"));
}
