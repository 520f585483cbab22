using System.ComponentModel.DataAnnotations;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>How the Hetzner Cloud API is reached.</summary>
public sealed record HetznerOptions
{
    /// <summary>Base address of the API, version included; a simulator's address in tests and trials.</summary>
    public Uri Endpoint { get; init; } = new("https://api.hetzner.cloud/v1/");

    /// <summary>Longest wait for one answer, body included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Objects per page of a list; 50 is the most the API gives.</summary>
    [Range(1, 50)]
    public int PageSize { get; init; } = 50;

    /// <summary>Pages after which a list is taken for broken rather than long.</summary>
    [Range(1, 10_000)]
    public int MaxPages { get; init; } = 100;

    /// <summary>What this program calls itself in the User-Agent header.</summary>
    [Required, StringLength(100)]
    public string UserAgent { get; init; } = "sam-operator";
}
