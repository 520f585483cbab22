using System.Net;

namespace Sam.Operator.Clients.Docker;

/// <summary>
/// What a registry's refusal, told by the engine, means. The engine hides the registry's status code behind 404 or 500 and a sentence,
/// or behind 200 and a last line, so this is the one place where words decide.
/// </summary>
internal static class RegistryFaults
{
    private static readonly string[] unauthorized =
    [
        "unauthorized",
        "authentication required",
        "no basic auth credentials",
        "incorrect username or password",
        "access forbidden",
        "denied:",
    ];

    private static readonly string[] missing =
    [
        "pull access denied",
        "manifest unknown",
        "name unknown",
        "repository does not exist",
        "not found",
        "no such image",
    ];

    private static readonly string[] unreachable =
    [
        "dial tcp",
        "i/o timeout",
        "no such host",
        "connection refused",
        "connection reset",
        "tls handshake timeout",
        "client.timeout exceeded",
        "context deadline exceeded",
        "server misbehaving",
        "x509:",
        "server gave http response to https client",
        "toomanyrequests",
        "too many requests",
        "eof",
        "503",
        "502",
        "504",
    ];

    /// <summary>The fault of a pull or a look-up.</summary>
    public static EngineException From(string reference, HttpStatusCode status, string text)
    {
        var kind = KindOf(status, text);
        return new EngineException(kind, $"image {reference}: {text}");
    }

    /// <summary>The kind of a refusal.</summary>
    public static EngineErrorKind KindOf(HttpStatusCode status, string text) =>
        status switch
        {
            HttpStatusCode.NotFound => EngineErrorKind.ImageNotFound,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => EngineErrorKind.RegistryUnauthorized,
            HttpStatusCode.BadRequest => EngineErrorKind.Invalid,
            _ when Says(text, missing) => EngineErrorKind.ImageNotFound,
            _ when Says(text, unauthorized) => EngineErrorKind.RegistryUnauthorized,
            _ when Says(text, unreachable) => EngineErrorKind.RegistryUnreachable,
            _ => EngineErrorKind.Server,
        };

    private static bool Says(string text, string[] words) =>
        Array.Exists(words, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
}
