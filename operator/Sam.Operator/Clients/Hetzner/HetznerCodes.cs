namespace Sam.Operator.Clients.Hetzner;

/// <summary>The codes the client decides by: Hetzner's documented ones, and its own for faults without an answer.</summary>
public static class HetznerCodes
{
    public const string UniquenessError = "uniqueness_error";
    public const string ResourceUnavailable = "resource_unavailable";
    public const string ResourceLimitExceeded = "resource_limit_exceeded";
    public const string InvalidInput = "invalid_input";
    public const string Locked = "locked";
    public const string Protected = "protected";
    public const string Conflict = "conflict";
    public const string NotFound = "not_found";
    public const string Unauthorized = "unauthorized";
    public const string TokenReadOnly = "token_readonly";
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>The client gave up waiting.</summary>
    public const string ClientTimeout = "client_timeout";

    /// <summary>No connection, or it broke before the answer was whole.</summary>
    public const string ClientConnection = "client_connection";

    /// <summary>An answer that is not the documented JSON.</summary>
    public const string ClientWrongShape = "client_wrong_shape";

    /// <summary>A list that does not end: a page came twice, or there were too many.</summary>
    public const string ClientPaging = "client_paging";

    /// <summary>The call was not made: the token's budget is kept for more urgent ones.</summary>
    public const string ClientBudget = "client_budget";

    /// <summary>An error status without the documented error body.</summary>
    public const string ClientNoErrorBody = "client_no_error_body";
}
