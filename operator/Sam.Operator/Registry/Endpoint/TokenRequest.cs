using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>A request for a token, read and well-formed; or what is wrong with it.</summary>
/// <param name="Service">The service that the token is for.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="Login">The password or refresh token; null if there is none. Never printed.</param>
/// <param name="IsForm">Asked by POST, as OAuth2.</param>
internal sealed record TokenRequest(string Service, IReadOnlyList<Scope> Scopes, string? Login, bool IsForm)
{
    private const int MostScopes = 50;

    /// <summary>What is wrong with a request, in the words of OAuth2.</summary>
    /// <param name="Error">Such as <c>invalid_scope</c>.</param>
    /// <param name="Why">One sentence.</param>
    public sealed record Fault(string Error, string Why);

    /// <inheritdoc/>
    public override string ToString() => $"token request for {Service}: {string.Join(' ', Scopes)}";

    /// <summary>Reads a GET: the query, and Basic credentials.</summary>
    public static (TokenRequest? Request, Fault? Fault) FromQuery(IQueryCollection query, StringValues authorization) =>
        Read(query["service"], query["scope"], BasicPassword(authorization), isForm: false);

    /// <summary>Reads a POST's form.</summary>
    public static (TokenRequest? Request, Fault? Fault) FromForm(IFormCollection form)
    {
        if (form["client_id"] is not [{ Length: > 0 }])
            return (null, new Fault("invalid_request", "client_id is needed, once"));
        return form["grant_type"] switch
        {
            ["password"] => Read(form["service"], form["scope"], Once(form["password"]), isForm: true),
            ["refresh_token"] => Read(form["service"], form["scope"], Once(form["refresh_token"]), isForm: true),
            _ => (null, new Fault("unsupported_grant_type", "grant_type is password or refresh_token")),
        };
    }

    private static (TokenRequest? Request, Fault? Fault) Read(
        StringValues services,
        StringValues scopes,
        string? login,
        bool isForm
    )
    {
        if (services is not [{ Length: > 0 } service])
            return (null, new Fault("invalid_request", "service is needed, once"));
        var read = new List<Scope>();
        foreach (var text in scopes)
        {
            if (string.IsNullOrEmpty(text))
                continue; // clients send an empty scope where they mean none
            if (Scope.ParseList(text) is not { } list)
                return (
                    null,
                    new Fault("invalid_scope", "a scope is TYPE:NAME:ACTION[,ACTION], several are separated by one space")
                );
            read.AddRange(list);
        }

        return read.Count > MostScopes
            ? (null, new Fault("invalid_scope", $"more than {MostScopes} scopes"))
            : (new TokenRequest(service, read, login, isForm), null);
    }

    private static string? Once(StringValues values) => values is [{ Length: > 0 } value] ? value : null;

    /// <summary>The password of Basic credentials (RFC 7617); the user's name is the client's own affair.</summary>
    private static string? BasicPassword(StringValues authorization)
    {
        if (
            authorization is not [{ } header]
            || !AuthenticationHeaderValue.TryParse(header, out var value)
            || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { Length: > 0 } encoded
        )
            return null;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { Length: > 0 } password] ? password : null;
    }
}
