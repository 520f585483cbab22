namespace Sam.Simulators.Hetzner;

/// <summary>The faults that are switched on, each by name; a test or the control API plays them.</summary>
public sealed class HetznerFaults : FaultList<HetznerFault>
{
    /// <summary>412 `resource_unavailable` on creates of an offer.</summary>
    public const string Capacity = "capacity";

    /// <summary>422 `invalid_input`, "unsupported location for server type".</summary>
    public const string UnsupportedLocation = "unsupported-location";

    /// <summary>403 `resource_limit_exceeded` on creates.</summary>
    public const string Quota = "quota";

    /// <summary>422 `placement_error` on creates.</summary>
    public const string Placement = "placement";

    /// <summary>429 with the rate headers.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>429 without any header.</summary>
    public const string RateLimitedBare = "rate-limited-bare";

    /// <summary>401 `unauthorized`.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>5xx; `status` says which (500).</summary>
    public const string ServerError = "server-error";

    /// <summary>The answer comes `delay` late.</summary>
    public const string Slow = "slow";

    /// <summary>The connection breaks before anything happened.</summary>
    public const string Aborted = "aborted";

    /// <summary>The effect happens, the connection breaks before the answer.</summary>
    public const string LostAnswer = "lost-answer";

    /// <summary>The effect happens, the answer is valid JSON of another shape.</summary>
    public const string WrongShape = "wrong-shape";

    /// <summary>The effect happens, half of the body comes, then the connection breaks.</summary>
    public const string HalfBody = "half-body";

    /// <summary>An HTML page instead of the API, status 502.</summary>
    public const string HtmlPage = "html-page";

    /// <summary>423 `locked` on writes to a server.</summary>
    public const string Locked = "locked";

    /// <summary>The action that is made ends in an error.</summary>
    public const string ActionFails = "action-fails";

    /// <summary>A created server stays `initializing`.</summary>
    public const string NeverBoots = "never-boots";

    /// <summary>A list names the page it is on as the next one.</summary>
    public const string PageRepeats = "page-repeats";

    /// <summary>Every name that can be played.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        Capacity,
        UnsupportedLocation,
        Quota,
        Placement,
        RateLimited,
        RateLimitedBare,
        Unauthorized,
        ServerError,
        Slow,
        Aborted,
        LostAnswer,
        WrongShape,
        HalfBody,
        HtmlPage,
        Locked,
        ActionFails,
        NeverBoots,
        PageRepeats,
    ];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Known => Names;

    /// <inheritdoc/>
    protected override HetznerFault WithCount(HetznerFault fault, int? count) => fault with { Count = count };
}

/// <summary>One fault and where it strikes; a member left out fits everything.</summary>
public sealed record HetznerFault(string Name) : ISimulatedFault
{
    /// <summary>How often; null until it is switched off.</summary>
    public int? Count { get; init; }

    /// <summary>HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>Start of the path after `/v1`: `/servers`.</summary>
    public string? Path { get; init; }
    public string? ServerType { get; init; }
    public string? Location { get; init; }

    /// <summary>Command of an action: `create_server`, `start_server`, `stop_server`, `delete_server`.</summary>
    public string? Command { get; init; }
    public int? Status { get; init; }
    public TimeSpan? Delay { get; init; }

    internal bool FitsCall(string method, string path) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || path.StartsWith(Path, StringComparison.Ordinal));

    internal bool FitsOffer(string serverType, string location) =>
        (ServerType is null || ServerType == serverType) && (Location is null || Location == location);
}
