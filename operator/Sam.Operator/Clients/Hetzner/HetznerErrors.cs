using System.Net;
using System.Text.Json;
using Sam.Operator.Clients.Hetzner.Wire;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>Turns an error answer into its type: by Hetzner's code first, by the status where the code says nothing.</summary>
internal static class HetznerErrors
{
    private const int MaxText = 500;

    public static HetznerException From(int status, string body, DateTimeOffset? retryAt, bool isWrite, DateTimeOffset now)
    {
        var error = Parse(body);
        var code = error?.Code is { Length: > 0 and <= 100 } given ? given : HetznerCodes.ClientNoErrorBody;
        var message = Clean(error?.Message ?? body);
        var kind = Classify(code, status, message);
        return new HetznerException(
            kind,
            code,
            status,
            $"Hetzner answered {status} {code}{(message.Length > 0 ? $": {message}" : "")}",
            kind == HetznerErrorKind.RateLimited || status == 503 ? retryAt : null,
            now: now
        )
        {
            Fields =
            [
                .. (error?.Details?.Fields ?? []).Take(20).Select(f => Clean($"{f.Name}: {string.Join(", ", f.Messages ?? [])}")),
            ],
            // A gateway may answer for a backend that went on: only the documented refusals prove that nothing happened.
            MayHaveTakenEffect = isWrite && kind is HetznerErrorKind.Transient or HetznerErrorKind.Unknown,
        };
    }

    public static HetznerErrorKind Classify(string code, int status, string message) =>
        code switch
        {
            HetznerCodes.ResourceUnavailable or "no_space_left_in_location" => HetznerErrorKind.Capacity,
            // Seen in production: a location that does not sell the type (any more) is refused by text only.
            HetznerCodes.InvalidInput
                when status == 422
                    && message.Contains("unsupported location for server type", StringComparison.OrdinalIgnoreCase) =>
                HetznerErrorKind.Capacity,
            HetznerCodes.RateLimitExceeded => HetznerErrorKind.RateLimited,
            HetznerCodes.ResourceLimitExceeded => HetznerErrorKind.Quota,
            _ when code.EndsWith("_limit_exceeded", StringComparison.Ordinal) => HetznerErrorKind.Quota,
            HetznerCodes.InvalidInput or "json_error" or HetznerCodes.UniquenessError or "placement_error" =>
                HetznerErrorKind.Invalid,
            "unsupported_error" or "method_not_allowed" or "deprecated_api_endpoint" => HetznerErrorKind.Invalid,
            _ when code.StartsWith("primary_ip_", StringComparison.Ordinal) => HetznerErrorKind.Invalid,
            HetznerCodes.Unauthorized or HetznerCodes.TokenReadOnly or "forbidden" => HetznerErrorKind.Unauthorized,
            // "Changed during the request, please retry": not the spec's fault, whatever others made of it.
            HetznerCodes.Conflict or HetznerCodes.Locked or HetznerCodes.Protected => HetznerErrorKind.Conflict,
            "resource_in_use" or "must_be_unassigned" or "server_not_stopped" => HetznerErrorKind.Conflict,
            "volume_already_attached" or "firewall_already_applied" => HetznerErrorKind.Conflict,
            HetznerCodes.NotFound => HetznerErrorKind.NotFound,
            "server_error" or "service_error" or "unavailable" or "timeout" or "maintenance" => HetznerErrorKind.Transient,
            _ => ByStatus(status),
        };

    private static HetznerErrorKind ByStatus(int status) =>
        (HttpStatusCode)status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => HetznerErrorKind.Unauthorized,
            HttpStatusCode.NotFound => HetznerErrorKind.NotFound,
            HttpStatusCode.RequestTimeout => HetznerErrorKind.Transient,
            HttpStatusCode.Conflict or HttpStatusCode.Locked => HetznerErrorKind.Conflict,
            HttpStatusCode.PreconditionFailed => HetznerErrorKind.Capacity,
            HttpStatusCode.TooManyRequests => HetznerErrorKind.RateLimited,
            HttpStatusCode.BadRequest
            or HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.Gone
            or HttpStatusCode.UnprocessableEntity => HetznerErrorKind.Invalid,
            >= HttpStatusCode.InternalServerError => HetznerErrorKind.Transient,
            _ => HetznerErrorKind.Unknown,
        };

    private static WireError? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, HetznerJson.Default.ErrorAnswer)?.Error;
        }
        catch (JsonException)
        {
            // `details` has a shape per code; a foreign one must not cost us the code.
            return ParseLoosely(body);
        }
    }

    private static WireError? ParseLoosely(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return
                document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                ? new WireError(Text(error, "code"), Text(error, "message"))
                : null;
        }
        catch (JsonException)
        {
            return null; // a proxy's HTML page: the status decides, the text is shown
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Clean(string text)
    {
        var line = new string([.. text.Take(MaxText).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > MaxText ? line + "..." : line;
    }
}
