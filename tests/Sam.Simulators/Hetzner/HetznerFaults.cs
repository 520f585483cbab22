namespace Sam.Simulators.Hetzner;

/// <summary>The faults that are switched on, each by name; a test or the control API plays them.</summary>
/// <param name="timeProvider">Ends those that last for a while.</param>
public sealed class HetznerFaults(TimeProvider timeProvider) : FaultList<HetznerFault>
{
    /// <summary>412 `resource_unavailable` on creates of an offer.</summary>
    public const string Capacity = "capacity";

    /// <summary>412 `resource_unavailable` on every create in a location.</summary>
    public const string LocationClosed = "location-closed";

    /// <summary>422 `invalid_input`, "unsupported location for server type".</summary>
    public const string UnsupportedLocation = "unsupported-location";

    /// <summary>422 `placement_error` on creates.</summary>
    public const string Placement = "placement";

    /// <summary>403 `resource_limit_exceeded` on creates of servers.</summary>
    public const string Quota = "quota";

    /// <summary>403 `resource_limit_exceeded`, for want of addresses, on creates of servers.</summary>
    public const string AddressQuota = "address-quota";

    /// <summary>403 `resource_limit_exceeded` on volumes.</summary>
    public const string VolumeQuota = "volume-quota";

    /// <summary>412 `no_space_left_in_location` on volumes.</summary>
    public const string NoSpace = "no-space";

    /// <summary>423 `locked` where a volume is to be attached.</summary>
    public const string AttachFails = "attach-fails";

    /// <summary>409 `resource_in_use` on the delete of a firewall.</summary>
    public const string FirewallInUse = "firewall-in-use";

    /// <summary>A stranger takes the name just before the create: 409 `uniqueness_error`, no label of ours.</summary>
    public const string NameTaken = "name-taken";

    /// <summary>429 with the rate headers.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>429 without any header.</summary>
    public const string RateLimitedBare = "rate-limited-bare";

    /// <summary>429 with `Retry-After` alone; `delay` says how long (60 s).</summary>
    public const string RetryAfter = "retry-after";

    /// <summary>Good answers without rate headers.</summary>
    public const string NoRateHeaders = "no-rate-headers";

    /// <summary>Rate headers that say that nothing was spent.</summary>
    public const string LyingRateHeaders = "lying-rate-headers";

    /// <summary>401 `unauthorized`.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>403 `forbidden`.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>401 `token_readonly` on writes.</summary>
    public const string ReadOnlyToken = "read-only-token";

    /// <summary>5xx; `status` says which (500).</summary>
    public const string ServerError = "server-error";

    /// <summary>The effect happens, the answer is 500.</summary>
    public const string ErrorButDone = "error-but-done";

    /// <summary>503 `maintenance`.</summary>
    public const string Maintenance = "maintenance";

    /// <summary>504 without a body.</summary>
    public const string GatewayTimeout = "gateway-timeout";

    /// <summary>An HTML page instead of the API, status 502.</summary>
    public const string HtmlPage = "html-page";

    /// <summary>409 `conflict` on writes.</summary>
    public const string Conflict = "conflict";

    /// <summary>The answer comes `delay` late.</summary>
    public const string Slow = "slow";

    /// <summary>No answer until the client hangs up.</summary>
    public const string Hangs = "hangs";

    /// <summary>The connection breaks before anything happened.</summary>
    public const string Aborted = "aborted";

    /// <summary>The effect happens, the connection breaks before the answer.</summary>
    public const string LostAnswer = "lost-answer";

    /// <summary>A proxy sends the request again: the effect happens, the answer is that of the second try.</summary>
    public const string AnsweredTwice = "answered-twice";

    /// <summary>The effect happens, half of the body comes, then the connection breaks.</summary>
    public const string HalfBody = "half-body";

    /// <summary>The effect happens, the body is empty.</summary>
    public const string EmptyBody = "empty-body";

    /// <summary>The effect happens, the answer is valid JSON of another shape.</summary>
    public const string WrongShape = "wrong-shape";

    /// <summary>What was asked for is null in the answer.</summary>
    public const string NullThing = "null-thing";

    /// <summary>A field that must be there is missing.</summary>
    public const string MissingField = "missing-field";

    /// <summary>A status that no document names.</summary>
    public const string UnknownWords = "unknown-words";

    /// <summary>Many megabytes where kilobytes are expected.</summary>
    public const string HugeBody = "huge-body";

    /// <summary>Good JSON that says it is plain text.</summary>
    public const string WrongContentType = "wrong-content-type";

    /// <summary>A list names the page it is on as the next one.</summary>
    public const string PageRepeats = "page-repeats";

    /// <summary>A list always names one more page.</summary>
    public const string EndlessPages = "endless-pages";

    /// <summary>A list that does not show yet what is younger than `delay` (10 s).</summary>
    public const string StaleList = "stale-list";

    /// <summary>404 on something that was just made, until it is `delay` old (5 s).</summary>
    public const string LateToShow = "late-to-show";

    /// <summary>Dates that are `delay` in the future (1 h).</summary>
    public const string ClockSkew = "clock-skew";

    /// <summary>423 `locked` on writes to a server.</summary>
    public const string Locked = "locked";

    /// <summary>The action that is made ends in an error.</summary>
    public const string ActionFails = "action-fails";

    /// <summary>A created server stays `initializing`.</summary>
    public const string NeverBoots = "never-boots";

    /// <summary>A server has no address until it is `delay` old (30 s).</summary>
    public const string AddressLate = "address-late";

    /// <summary>A delete takes `delay` (2 min).</summary>
    public const string DeleteStuck = "delete-stuck";

    /// <summary>Somebody deletes a server behind our back.</summary>
    public const string ServerVanishes = "server-vanishes";

    /// <summary>Somebody renames a server.</summary>
    public const string ServerRenamed = "server-renamed";

    /// <summary>Somebody gives a server the labels of another Machine.</summary>
    public const string LabelsChanged = "labels-changed";

    /// <summary>Somebody takes the labels off a server.</summary>
    public const string LabelsRemoved = "labels-removed";

    /// <summary>Somebody switches a server off.</summary>
    public const string PoweredOff = "powered-off";

    /// <summary>Somebody protects a server against deletion.</summary>
    public const string Protected = "protected";

    /// <summary>Somebody deletes a volume.</summary>
    public const string VolumeVanishes = "volume-vanishes";

    /// <summary>Somebody detaches a volume.</summary>
    public const string VolumeDetached = "volume-detached";

    /// <summary>Somebody deletes a firewall, off every server.</summary>
    public const string FirewallVanishes = "firewall-vanishes";

    /// <summary>Somebody rewrites the rules of a firewall.</summary>
    public const string FirewallOpened = "firewall-opened";

    /// <summary>Somebody deletes an SSH key.</summary>
    public const string KeyVanishes = "key-vanishes";

    /// <summary>Every name that can be played.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        Capacity,
        LocationClosed,
        UnsupportedLocation,
        Placement,
        Quota,
        AddressQuota,
        VolumeQuota,
        NoSpace,
        AttachFails,
        FirewallInUse,
        NameTaken,
        RateLimited,
        RateLimitedBare,
        RetryAfter,
        NoRateHeaders,
        LyingRateHeaders,
        Unauthorized,
        Forbidden,
        ReadOnlyToken,
        ServerError,
        ErrorButDone,
        Maintenance,
        GatewayTimeout,
        HtmlPage,
        Conflict,
        Slow,
        Hangs,
        Aborted,
        LostAnswer,
        AnsweredTwice,
        HalfBody,
        EmptyBody,
        WrongShape,
        NullThing,
        MissingField,
        UnknownWords,
        HugeBody,
        WrongContentType,
        PageRepeats,
        EndlessPages,
        StaleList,
        LateToShow,
        ClockSkew,
        Locked,
        ActionFails,
        NeverBoots,
        AddressLate,
        DeleteStuck,
        ServerVanishes,
        ServerRenamed,
        LabelsChanged,
        LabelsRemoved,
        PoweredOff,
        Protected,
        VolumeVanishes,
        VolumeDetached,
        FirewallVanishes,
        FirewallOpened,
        KeyVanishes,
    ];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Known => Names;

    /// <inheritdoc/>
    protected override HetznerFault Played(HetznerFault fault) =>
        fault.Lasts is { } lasts ? fault with { EndsAt = timeProvider.GetUtcNow() + lasts } : fault;

    /// <inheritdoc/>
    protected override bool IsOver(HetznerFault fault) => timeProvider.GetUtcNow() >= fault.EndsAt;

    /// <inheritdoc/>
    protected override HetznerFault WithCount(HetznerFault fault, int? count) => fault with { Count = count };
}
