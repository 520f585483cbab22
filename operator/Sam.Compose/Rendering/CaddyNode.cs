using System.Collections.Immutable;

namespace Sam.Compose.Rendering;

/// <summary>Where a node's certificates come from.</summary>
public enum CaddyTls
{
    /// <summary>Caddy's own local CA.</summary>
    Internal,

    /// <summary>An ACME server.</summary>
    Acme,
}

/// <summary>All that Caddy of one node must know.</summary>
public sealed record CaddyNode
{
    public CaddyTls Tls { get; init; }

    public string? Email { get; init; }

    /// <summary>Null: Caddy's default ACME server.</summary>
    public string? CaServer { get; init; }

    /// <summary>Path of the admin socket in Caddy's container.</summary>
    public string AdminSocket { get; init; } = "/run/sam/caddy/admin.sock";

    /// <summary>The routes of all apps, conflicts already resolved; order does not matter.</summary>
    public ImmutableArray<CaddyRoute> Routes { get; init; } = [];
}
