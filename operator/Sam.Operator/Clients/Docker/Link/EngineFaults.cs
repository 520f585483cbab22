using System.Net;
using System.Text.Json;
using Docker.DotNet;

namespace Sam.Operator.Clients.Docker;

/// <summary>Turns what a call threw into a typed fault, by status code and structure.</summary>
internal static class EngineFaults
{
    /// <summary>The fault behind an exception of a call.</summary>
    /// <param name="call">What was tried, for the message.</param>
    /// <param name="exception">What it threw.</param>
    /// <param name="conflict">What 409 means for this call.</param>
    public static EngineException From(string call, Exception exception, EngineErrorKind conflict = EngineErrorKind.Conflict)
    {
        if (Find<EngineException>(exception) is { } known)
        {
            return known;
        }

        return exception switch
        {
            DockerApiException api => new(KindOf(api.StatusCode, conflict), $"{call}: {Text(api)}", api),
            OperationCanceledException => new(EngineErrorKind.Unreachable, $"{call}: no answer in time", exception),
            HttpRequestException or IOException when IsCertificateAlert(exception) => new(
                EngineErrorKind.IdentityRefused,
                $"{call}: the engine refused our client certificate",
                exception
            ),
            HttpRequestException or IOException or ObjectDisposedException => new(
                EngineErrorKind.Unreachable,
                $"{call}: the connection broke",
                exception
            ),
            JsonException => new(EngineErrorKind.Server, $"{call}: the engine's answer makes no sense", exception),
            _ => new(EngineErrorKind.Server, $"{call}: {exception.GetType().Name}", exception),
        };
    }

    /// <summary>The kind of a status code; Docker answers 403 where an object is in use (network endpoints).</summary>
    public static EngineErrorKind KindOf(HttpStatusCode status, EngineErrorKind conflict = EngineErrorKind.Conflict) =>
        status switch
        {
            HttpStatusCode.NotFound => EngineErrorKind.NotFound,
            HttpStatusCode.Conflict => conflict,
            HttpStatusCode.Forbidden => EngineErrorKind.Conflict,
            HttpStatusCode.BadRequest => EngineErrorKind.Invalid,
            _ => EngineErrorKind.Server,
        };

    /// <summary>The engine's own sentence, bounded.</summary>
    public static string Text(DockerApiException exception) => Text(exception.ResponseBody, exception.StatusCode);

    /// <summary>The engine's own sentence out of an error body, bounded.</summary>
    public static string Text(string? body, HttpStatusCode status)
    {
        var text = body ?? "";
        try
        {
            using var document = JsonDocument.Parse(text);
            if (
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message)
            )
            {
                text = message.ToString();
            }
        }
        catch (JsonException)
        {
            // Not every answer is the engine's own: the raw text then says more than nothing.
            text = body ?? "";
        }

        text = text.Trim();
        return text.Length switch
        {
            0 => $"status {(int)status}",
            > 1000 => text[..1000],
            _ => text,
        };
    }

    /// <summary>In TLS 1.3 a server refuses a client certificate only after our side of the handshake is done: an alert meets the first read.</summary>
    public static bool IsCertificateAlert(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            // .NET gives no code for a received alert: OpenSSL's words (bad certificate, certificate required, unknown ca) are all there is.
            if (
                exception.Message.Contains("alert", StringComparison.OrdinalIgnoreCase)
                && (
                    exception.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                    || exception.Message.Contains("unknown ca", StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                return true;
            }
        }

        return false;
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }
}
