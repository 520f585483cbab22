using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Rendering;

/// <summary>One place that leads to an alias on the edge network, or away. Owner: namespace/name of the app, for order only.</summary>
public sealed record CaddyRoute(string Host, string Path, string Upstream, int Port, string Owner)
{
    /// <summary>Takes the path off before the upstream sees the request.</summary>
    public bool StripPrefix { get; init; }

    /// <summary>Leads away; there is no upstream then.</summary>
    public RouteRedirect? Redirect { get; init; }

    public HeaderChanges? RequestHeaders { get; init; }

    public HeaderChanges? ResponseHeaders { get; init; }

    /// <summary>Who may pass; null: everybody. Empty: nobody, and the place is closed.</summary>
    public ImmutableArray<CaddyAccount>? Accounts { get; init; }

    internal bool IsUsable => Redirect is not null || (Upstream.Length > 0 && Port is >= 1 and <= 65535);
}

/// <summary>A login that opens a route.</summary>
/// <param name="Username">Name, without braces: Caddy would take them for a placeholder.</param>
/// <param name="Hash">bcrypt hash of the password, in modular crypt format.</param>
public sealed record CaddyAccount(string Username, string Hash)
{
    public override string ToString() => Username;
}
