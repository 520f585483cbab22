using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>
/// Answers the Distribution token protocol. Who: proved by the API server or by our own signature. What: by roles, or by the Project's entry.
/// Whatever cannot be told is refused.
/// </summary>
internal sealed class TokenEndpoint(
    RegistryDirectory directory,
    LoginProof proof,
    GrantDecision decision,
    IRegistryTokens tokens,
    RegistryOptions options,
    TimeProvider timeProvider,
    ILogger<TokenEndpoint> logger
)
{
    private readonly MintLimiter _failures = new(options.Endpoint.FailuresPerWindow, options.MintWindow, timeProvider);

    /// <summary>Answers one request.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (request, fault) = await ReadAsync(context);
        if (request is null)
            return TokenAnswers.Malformed(fault!);
        if (directory.ByService(request.Service) is not { } registry)
            return TokenAnswers.Malformed(new TokenRequest.Fault("invalid_request", "service is none of the registries here"));
        if (request.Login is not { } login)
            return TokenAnswers.Unauthorized(context);
        // A login costs a question to the API server: an address that only guesses has to wait.
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (_failures.Peek(address) is { } wait)
            return TokenAnswers.TooMany(context, wait);
        switch (await proof.ProveAsync(login, context.RequestAborted))
        {
            case LoginOutcome.Known(var bearer):
                return await MintAsync(context, request, registry, bearer);
            case LoginOutcome.Refused(var why):
                _failures.Take(address);
                RegistryLog.LoginRefused(logger, address, why);
                return TokenAnswers.Unauthorized(context);
            case LoginOutcome.Unavailable(var why):
                RegistryLog.ReviewFailed(logger, why);
                return TokenAnswers.Unavailable();
            case var other:
                throw new InvalidOperationException($"Unhandled login outcome {other.GetType().Name}");
        }
    }

    private static async Task<(TokenRequest? Request, TokenRequest.Fault? Fault)> ReadAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
            return TokenRequest.FromQuery(context.Request.Query, context.Request.Headers.Authorization);
        if (!context.Request.HasFormContentType)
            return (null, new TokenRequest.Fault("invalid_request", "a POST is a form"));
        try
        {
            return TokenRequest.FromForm(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidDataException)
        {
            return (null, new TokenRequest.Fault("invalid_request", "the form cannot be read"));
        }
    }

    private async Task<IResult> MintAsync(HttpContext context, TokenRequest request, TrustedRegistry registry, Bearer bearer)
    {
        RegistryGrant? grant;
        try
        {
            grant = await decision.DecideAsync(bearer, registry, request.Scopes, context.RequestAborted);
        }
        catch (KubernetesApiException fault)
        {
            RegistryLog.ReviewFailed(logger, $"SubjectAccessReview: {fault.Code} {fault.Reason}");
            return TokenAnswers.Unavailable();
        }

        if (grant is null)
            return TokenAnswers.Denied("this login is for another registry");
        return await tokens.MintAsync(grant, context.RequestAborted) switch
        {
            RegistryMint.Minted(var token) => TokenAnswers.Token(token, grant, request.IsForm),
            RegistryMint.Refused(var why) => TokenAnswers.Denied(why),
            RegistryMint.RateLimited(var wait) => TokenAnswers.TooMany(context, wait),
            RegistryMint.Unavailable => TokenAnswers.Unavailable(),
            var other => throw new InvalidOperationException($"Unhandled mint {other.GetType().Name}"),
        };
    }
}
