using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>How a host that is not under the node's domain is proven to be its user's.</summary>
public enum HostVerification
{
    /// <summary>Not at all: whoever comes first has it.</summary>
    None,

    /// <summary>By a TXT record.</summary>
    TXT,
}

/// <summary>A host that is served once it is proven.</summary>
public sealed record HostStatus
{
    /// <summary>The host.</summary>
    [Required]
    public string Host { get; set; } = "";

    /// <summary>Name of the TXT record that proves it; the same below any parent domain of two labels or more proves it too.</summary>
    public string Record { get; set; } = "";

    /// <summary>What the record must hold.</summary>
    public string Value { get; set; } = "";

    /// <summary>When it was asked for first (RFC 3339).</summary>
    public DateTimeOffset? FirstAskedAt { get; set; }

    /// <summary>When it was asked for last (RFC 3339).</summary>
    public DateTimeOffset? LastAskedAt { get; set; }

    /// <summary>When it was proven (RFC 3339).</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Since when the record of a proven host is missing (RFC 3339); the host is served all the same.</summary>
    public DateTimeOffset? LostAt { get; set; }
}
