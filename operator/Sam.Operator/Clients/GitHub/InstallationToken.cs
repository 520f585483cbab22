using System.Security.Cryptography;
using System.Text;

namespace Sam.Operator.Clients.GitHub;

/// <summary>An installation token. Its text is opaque, up to 4 KiB, and leaves this class only by <see cref="Reveal"/>.</summary>
public sealed class InstallationToken
{
    /// <summary>Longest text that is taken for a token.</summary>
    public const int MaxLength = 4096;

    private readonly string _value;

    /// <summary>Makes one; a text that cannot be a token is refused without being shown.</summary>
    public InstallationToken(string value, string appId, long installationId, DateTimeOffset expiresAt)
    {
        if (value.Length is 0 or > MaxLength || value.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException("A token is one word of printable ASCII characters, 4096 at most.", nameof(value));
        _value = value;
        AppId = appId;
        InstallationId = installationId;
        ExpiresAt = expiresAt;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16];
    }

    /// <summary>The App that minted it.</summary>
    public string AppId { get; }

    /// <summary>The installation it is of.</summary>
    public long InstallationId { get; }

    /// <summary>When it ends by itself, as GitHub said (by GitHub's clock).</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>How long it lives from the moment of the mint on, by GitHub's own clock; use this with ours.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>What it may do, as GitHub confirmed.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; init; } = new Dictionary<string, string>();

    /// <summary>What it reaches, as GitHub confirmed: ids and names.</summary>
    public IReadOnlyList<GitHubRepository> Repositories { get; init; } = [];

    /// <summary>Tells tokens apart without showing them.</summary>
    public string Fingerprint { get; }

    /// <summary>The text, for whoever the token is for.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => $"github-token-{Fingerprint}";
}
