using Sam.Operator.Registry.Tokens;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>Answers in the words of the protocol; a refusal speaks both OAuth2's and a registry's, as clients read either.</summary>
internal static class TokenAnswers
{
    /// <summary>A token.</summary>
    public static IResult Token(RegistryToken token, RegistryGrant grant, bool isForm)
    {
        var secret = token.Reveal();
        var answer = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["token"] = secret,
            ["access_token"] = secret,
            ["expires_in"] = (long)(token.ExpiresAt - token.IssuedAt).TotalSeconds,
            ["issued_at"] = token.IssuedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        };
        if (isForm)
            answer["scope"] = string.Join(
                ' ',
                grant.Access.Select(access => $"repository:{access.Repository}:{string.Join(',', access.Actions.Words())}")
            );
        return Results.Json(answer);
    }

    /// <summary>The request is none.</summary>
    public static IResult Malformed(TokenRequest.Fault fault) =>
        Refusal(StatusCodes.Status400BadRequest, fault.Error, "UNSUPPORTED", fault.Why);

    /// <summary>Nobody is logged in.</summary>
    public static IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"sam registry login\", charset=\"UTF-8\"";
        return Refusal(
            StatusCodes.Status401Unauthorized,
            "invalid_grant",
            "UNAUTHORIZED",
            "authentication required: a ServiceAccount token of this endpoint's audience as the password"
        );
    }

    /// <summary>Known, but not for this.</summary>
    public static IResult Denied(string why) => Refusal(StatusCodes.Status403Forbidden, "access_denied", "DENIED", why);

    /// <summary>Too often.</summary>
    public static IResult TooMany(HttpContext context, TimeSpan retryAfter)
    {
        var seconds = (long)Math.Ceiling(Math.Max(1, retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString();
        return Refusal(
            StatusCodes.Status429TooManyRequests,
            "slow_down",
            "TOOMANYREQUESTS",
            $"too many tokens were asked for; again in {seconds} s"
        );
    }

    /// <summary>Nobody can tell now.</summary>
    public static IResult Unavailable() =>
        Refusal(
            StatusCodes.Status503ServiceUnavailable,
            "temporarily_unavailable",
            "UNAVAILABLE",
            "who you are cannot be told now"
        );

    private static IResult Refusal(int status, string error, string code, string why) =>
        Results.Json(
            new
            {
                error,
                error_description = why,
                errors = new[] { new { code, message = why } },
            },
            statusCode: status
        );
}
