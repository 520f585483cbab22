using System.Net;
using System.Text.Json;

namespace Sam.Operator.Clients.GitHub;

/// <summary>What an error answer says: GitHub has no error codes, so status and headers decide, and its fixed texts where those leave it open.</summary>
internal static class GitHubErrors
{
    private const int MaxText = 300;

    public static GitHubErrorKind Classify(HttpStatusCode status, GitHubErrorBody body, GitHubLimitHeaders limits, bool byApp) =>
        status switch
        {
            HttpStatusCode.Unauthorized => byApp ? GitHubErrorKind.AppKeyInvalid : GitHubErrorKind.Unauthorized,
            HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => Refused(status, body, limits),
            // A JWT of an id that is no App's.
            HttpStatusCode.NotFound when byApp && body.Says("Integration not found") => GitHubErrorKind.AppKeyInvalid,
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons =>
                GitHubErrorKind.NotFound,
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.Conflict =>
                GitHubErrorKind.Validation,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => GitHubErrorKind.Transient,
            _ => GitHubErrorKind.Unknown,
        };

    public static GitHubErrorBody Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new GitHubErrorBody(Text(document.RootElement, "message"), Text(document.RootElement, "documentation_url"))
                : new GitHubErrorBody("", "");
        }
        catch (JsonException)
        {
            return new GitHubErrorBody("", ""); // a proxy's page: the status decides
        }
    }

    private static GitHubErrorKind Refused(HttpStatusCode status, GitHubErrorBody body, GitHubLimitHeaders limits)
    {
        if (limits.Remaining == 0 && limits.RetryAfter is null)
            return GitHubErrorKind.RateLimited;
        if (
            limits.RetryAfter is not null
            || body.Says("secondary rate limit")
            || body.Says("abuse detection")
            || body.Documentation.Contains("secondary-rate-limits", StringComparison.OrdinalIgnoreCase)
        )
            return GitHubErrorKind.SecondaryRateLimited;
        if (status == HttpStatusCode.TooManyRequests)
            return GitHubErrorKind.SecondaryRateLimited;
        return body.Says("suspended") ? GitHubErrorKind.Suspended : GitHubErrorKind.Forbidden;
    }

    private static string Text(JsonElement element, string name)
    {
        var text =
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return new string([.. text.Take(MaxText).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
    }
}

/// <summary>What GitHub writes into an error.</summary>
internal sealed record GitHubErrorBody(string Message, string Documentation)
{
    public bool Says(string text) => Message.Contains(text, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What an answer's headers say of limits.</summary>
internal sealed record GitHubLimitHeaders(int? Limit, int? Remaining, DateTimeOffset? ResetAt, DateTimeOffset? RetryAfter);
