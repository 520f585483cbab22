using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>One route: from a host and path to a service, or away to another address.</summary>
[Rule("has(self.service) != has(self.redirect)", "set exactly one of service and redirect")]
public sealed record RouteSpec
{
    /// <summary>Stable name of the route.</summary>
    [Required, Length(1, 63), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Name { get; set; } = "";

    /// <summary>Compose service that answers.</summary>
    [Length(1, 63)]
    public string? Service { get; set; }

    /// <summary>Port in the container; taken from the service's single <c>ports</c> or <c>expose</c> entry if absent.</summary>
    [Bounds(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Host name; a host under the node's domain if absent.</summary>
    [Length(1, 253), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")]
    public string? Host { get; set; }

    /// <summary>Path prefix, of whole segments; upper and lower case are the same.</summary>
    [Default("/"), Length(1, 500), Pattern("^/")]
    public string Path { get; set; } = "/";

    /// <summary>Takes <c>path</c> off before the service sees the request, and tells it in <c>X-Forwarded-Prefix</c>.</summary>
    public bool? StripPrefix { get; set; }

    /// <summary>Leads away instead of to a service.</summary>
    public RedirectSpec? Redirect { get; set; }

    /// <summary>Changes of the request on its way to the service.</summary>
    public HeadersSpec? RequestHeaders { get; set; }

    /// <summary>Changes of the response on its way back.</summary>
    public HeadersSpec? ResponseHeaders { get; set; }

    /// <summary>Only who has a login may pass (RFC 7617).</summary>
    public BasicAuthSpec? BasicAuth { get; set; }
}

/// <summary>Where a redirect leads, always by https.</summary>
public sealed record RedirectSpec
{
    /// <summary>Host; the one that was asked for if absent.</summary>
    [Length(1, 253), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")]
    public string? Host { get; set; }

    /// <summary>Path without a query; path and query as asked for if absent.</summary>
    [Length(1, 500), Pattern("^/")]
    public string? Path { get; set; }

    /// <summary>Status (RFC 9110, 15.4): 301, 302, 303, 307 or 308.</summary>
    [Default(308), Bounds(301, 308)]
    public int StatusCode { get; set; } = 308;
}

/// <summary>Changes of headers: first <c>add</c>, then <c>set</c>, then <c>remove</c>. A header is named in one of them.</summary>
public sealed record HeadersSpec
{
    /// <summary>Replaces all values of a header.</summary>
    [ListMap("name"), MaxItems(16)]
    public IList<HeaderSpec>? Set { get; set; }

    /// <summary>Adds a value to those that a header has.</summary>
    [ListMap("name"), MaxItems(16)]
    public IList<HeaderSpec>? Add { get; set; }

    /// <summary>Names of headers that go.</summary>
    [ListSet, MaxItems(16), Length(1, 256)]
    public IList<string>? Remove { get; set; }
}

/// <summary>A header.</summary>
public sealed record HeaderSpec
{
    /// <summary>Name.</summary>
    [Required, Length(1, 256), Pattern("^[A-Za-z0-9_-]+$")]
    public string Name { get; set; } = "";

    /// <summary>Value: one line of ASCII text, as it is.</summary>
    [Required, Length(0, 4096), Pattern("^[ -~\t]*$")]
    public string Value { get; set; } = "";
}

/// <summary>Logins that open a route.</summary>
public sealed record BasicAuthSpec
{
    /// <summary>
    /// Secret of the namespace: of type <c>kubernetes.io/basic-auth</c> (<c>username</c>, <c>password</c>), or with a key <c>auth</c> that holds lines
    /// <c>NAME:HASH</c> as <c>htpasswd -B</c> writes them.
    /// </summary>
    [Required]
    public LocalReference SecretRef { get; set; } = new();
}

/// <summary>A route and whether it serves.</summary>
public sealed record RouteStatus
{
    /// <summary>Name of the route.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Host that is served.</summary>
    public string? Host { get; set; }

    /// <summary>Path prefix.</summary>
    public string? Path { get; set; }

    /// <summary>Where to find it.</summary>
    public string? Url { get; set; }

    /// <summary>Name on the edge network behind which its containers answer; absent for a redirect.</summary>
    public string? Upstream { get; set; }

    /// <summary>Port of its containers.</summary>
    public int? Port { get; set; }

    /// <summary>Whether the prefix is taken off.</summary>
    public bool? StripPrefix { get; set; }

    /// <summary>Where it leads instead.</summary>
    public RedirectSpec? Redirect { get; set; }

    /// <summary>Changes of the request.</summary>
    public HeadersSpec? RequestHeaders { get; set; }

    /// <summary>Changes of the response.</summary>
    public HeadersSpec? ResponseHeaders { get; set; }

    /// <summary>Who may pass.</summary>
    public BasicAuthSpec? BasicAuth { get; set; }

    /// <summary>Revision of that Secret, as it was read last; absent while it holds no login, and the route is closed.</summary>
    public string? LoginRevision { get; set; }

    /// <summary>How the host's certificate stands.</summary>
    public CertificateState? Certificate { get; set; }

    /// <summary>Until when the certificate is valid (RFC 3339).</summary>
    public DateTimeOffset? CertificateNotAfter { get; set; }

    /// <summary>Whether Caddy serves it.</summary>
    public bool Ready { get; set; }
}
