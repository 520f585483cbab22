using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sam.DevCluster.Http;

namespace Sam.DevCluster.Security;

/// <summary>Finds out who sends a request: by client certificate, by bearer token, or nobody in particular.</summary>
internal sealed class Authenticator(ServiceAccountTokens tokens, UserInfo administrator, string administratorToken)
{
    // A connection keeps its certificate: its names are read once.
    private readonly ConditionalWeakTable<X509Certificate2, UserInfo> _users = [];

    public UserInfo Identify(HttpContext context)
    {
        if (context.Connection.ClientCertificate is { } certificate)
            return _users.GetValue(certificate, UserOf);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return UserInfo.Anonymous;
        var parts = header.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) || parts[1].Length == 0)
            return UserInfo.Anonymous;
        return Check(parts[1], [ServiceAccountTokens.Issuer])?.User ?? throw Failures.Unauthorized();
    }

    /// <summary>Whose token this is, for one of the audiences; null when it is nobody's.</summary>
    public (UserInfo User, IReadOnlyList<string> Audiences)? Check(string token, IReadOnlyCollection<string> audiences)
    {
        var isAdministrator = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token),
            Encoding.UTF8.GetBytes(administratorToken)
        );
        return isAdministrator ? (administrator, [ServiceAccountTokens.Issuer]) : tokens.Check(token, audiences);
    }

    /// <summary>The common name is the user, the organizations are the groups.</summary>
    public static UserInfo UserOf(X509Certificate2 certificate)
    {
        var name = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements)
                continue;
            switch (part.GetSingleElementType().Value)
            {
                case "2.5.4.3":
                    name = part.GetSingleElementValue() ?? "";
                    break;
                case "2.5.4.10":
                    groups.Add(part.GetSingleElementValue() ?? "");
                    break;
            }
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        return UserInfo.Of(
            name,
            groups,
            extra: new Dictionary<string, IReadOnlyList<string>> { [UserInfo.CredentialId] = [$"X509SHA256={hash}"] }
        );
    }
}
