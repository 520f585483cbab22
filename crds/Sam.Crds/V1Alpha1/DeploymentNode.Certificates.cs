using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>How a host's certificate stands.</summary>
public enum CertificateState
{
    /// <summary>There is none yet.</summary>
    Pending,

    /// <summary>It is valid.</summary>
    Valid,

    /// <summary>Less than a sixth of its lifetime is left, and Caddy has not renewed it; it is valid still.</summary>
    RenewalFailing,

    /// <summary>It is not valid any more.</summary>
    Expired,
}

/// <summary>A host's certificate, as Caddy keeps it.</summary>
public sealed record CertificateStatus
{
    /// <summary>The host.</summary>
    [Required]
    public string Host { get; set; } = "";

    /// <summary>How it stands.</summary>
    public CertificateState State { get; set; }

    /// <summary>Common name of who signed it.</summary>
    public string? Issuer { get; set; }

    /// <summary>Since when it is valid (RFC 3339).</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Until when it is valid (RFC 3339).</summary>
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>Since when there should be one (RFC 3339).</summary>
    public DateTimeOffset? PendingSince { get; set; }
}
