namespace Sam.Simulators.GitHub;

/// <summary>The names that can be played.</summary>
public sealed partial class GitHubFaults
{
    /// <summary>5xx before anything happened; `Status` says which (500).</summary>
    public const string ServerError = "server-error";

    /// <summary>The effect happens, the answer is a 5xx.</summary>
    public const string LateServerError = "late-server-error";

    /// <summary>503 with Retry-After.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>An HTML page instead of the API, status 502.</summary>
    public const string HtmlPage = "html-page";

    /// <summary>The effect happens at once, the answer comes `Delay` late.</summary>
    public const string Slow = "slow";

    /// <summary>The connection breaks before anything happened.</summary>
    public const string Aborted = "aborted";

    /// <summary>The effect happens, the connection breaks before the answer.</summary>
    public const string LostAnswer = "lost-answer";

    /// <summary>The effect happens, half of the body comes, then the connection breaks.</summary>
    public const string HalfBody = "half-body";

    /// <summary>The effect happens, the answer is valid JSON of another shape.</summary>
    public const string WrongShape = "wrong-shape";

    /// <summary>The effect happens, the answer has no body.</summary>
    public const string EmptyBody = "empty-body";

    /// <summary>Every id in the answer is a string.</summary>
    public const string TextIds = "text-ids";

    /// <summary>Every member of the answer but ids is null.</summary>
    public const string NullMembers = "null-members";

    /// <summary>401 on a good JWT or token.</summary>
    public const string BadCredentials = "bad-credentials";

    /// <summary>GitHub's clock is `Delay` ahead of ours (a negative one behind), for JWTs and the Date header.</summary>
    public const string ClockSkew = "clock-skew";

    /// <summary>404 `Integration not found` on a good JWT.</summary>
    public const string AppUnknown = "app-unknown";

    /// <summary>Primary limit: 403 with nothing remaining until the hour's end.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>Primary limit as 429.</summary>
    public const string RateLimited429 = "rate-limited-429";

    /// <summary>Secondary limit: 403 with Retry-After.</summary>
    public const string SecondaryLimit = "secondary-limit";

    /// <summary>Secondary limit: 429 without any hint.</summary>
    public const string SecondaryLimitBare = "secondary-limit-bare";

    /// <summary>403 of the abuse detection, without any hint.</summary>
    public const string Abuse = "abuse";

    /// <summary>403: the installation has been suspended.</summary>
    public const string Suspended = "suspended";

    /// <summary>The token of the call is revoked behind its holder's back, then refused.</summary>
    public const string TokenRevoked = "token-revoked";

    /// <summary>401 on a token that was just minted, as replicas that lag give.</summary>
    public const string TokenUnknownYet = "token-unknown-yet";

    /// <summary>A name answers with another repository's id.</summary>
    public const string IdDrift = "id-drift";

    /// <summary>404 on what exists.</summary>
    public const string NotFound = "not-found";

    /// <summary>A repository read by id shows a name that it no longer has.</summary>
    public const string StaleName = "stale-name";

    /// <summary>301 to the very address that was asked.</summary>
    public const string RedirectLoop = "redirect-loop";

    /// <summary>403 `Resource not accessible by integration`, whatever the token may do.</summary>
    public const string PermissionRemoved = "permission-removed";

    /// <summary>422 on a mint.</summary>
    public const string MintRefused = "mint-refused";

    /// <summary>The token gets one permission less than asked (`Permission`, or the last).</summary>
    public const string MintFewerPermissions = "mint-fewer-permissions";

    /// <summary>The token gets everything the installation has, whatever was asked.</summary>
    public const string MintMorePermissions = "mint-more-permissions";

    /// <summary>The token reaches all repositories of the installation, whatever was asked.</summary>
    public const string MintWider = "mint-wider";

    /// <summary>The token lives `Delay` (5 minutes) instead of an hour.</summary>
    public const string MintShort = "mint-short";

    /// <summary>The token has expired when it comes.</summary>
    public const string MintExpired = "mint-expired";

    /// <summary>The answer of a mint lacks the token, which lives.</summary>
    public const string MintWithoutToken = "mint-without-token";

    /// <summary>A revocation is answered with 204 and does nothing.</summary>
    public const string RevokeIgnored = "revoke-ignored";

    /// <summary>A list names the page it is on as the next one.</summary>
    public const string PageRepeats = "page-repeats";

    /// <summary>A tree is cut after its first entry and says so.</summary>
    public const string TreeTruncated = "tree-truncated";

    /// <summary>503 to a git client.</summary>
    public const string GitRefused = "git-refused";

    /// <summary>The answer to a git client breaks off.</summary>
    public const string GitCut = "git-cut";

    /// <summary>An event is never sent.</summary>
    public const string WebhookLost = "webhook-lost";

    /// <summary>An event is sent twice under one delivery id.</summary>
    public const string WebhookTwice = "webhook-twice";

    /// <summary>An event is signed with another secret.</summary>
    public const string WebhookForged = "webhook-forged";

    /// <summary>An event comes without a signature.</summary>
    public const string WebhookUnsigned = "webhook-unsigned";

    /// <summary>Every name that can be played.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        ServerError,
        LateServerError,
        Unavailable,
        HtmlPage,
        Slow,
        Aborted,
        LostAnswer,
        HalfBody,
        WrongShape,
        EmptyBody,
        TextIds,
        NullMembers,
        BadCredentials,
        ClockSkew,
        AppUnknown,
        RateLimited,
        RateLimited429,
        SecondaryLimit,
        SecondaryLimitBare,
        Abuse,
        Suspended,
        TokenRevoked,
        TokenUnknownYet,
        IdDrift,
        NotFound,
        StaleName,
        RedirectLoop,
        PermissionRemoved,
        MintRefused,
        MintFewerPermissions,
        MintMorePermissions,
        MintWider,
        MintShort,
        MintExpired,
        MintWithoutToken,
        RevokeIgnored,
        PageRepeats,
        TreeTruncated,
        GitRefused,
        GitCut,
        WebhookLost,
        WebhookTwice,
        WebhookForged,
        WebhookUnsigned,
    ];
}
