using System.ComponentModel.DataAnnotations;

namespace Sam.Operator.Clients.GitHub;

/// <summary>How GitHub is reached.</summary>
public sealed record GitHubOptions
{
    /// <summary>Base address of the API; a simulator's in tests, <c>https://HOST/api/v3/</c> for a GitHub of one's own.</summary>
    public Uri Endpoint { get; init; } = new("https://api.github.com/");

    /// <summary>Longest wait for one answer, body included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What this program calls itself; GitHub refuses calls without it.</summary>
    [Required, StringLength(100)]
    public string UserAgent { get; init; } = "sam-operator";
}
