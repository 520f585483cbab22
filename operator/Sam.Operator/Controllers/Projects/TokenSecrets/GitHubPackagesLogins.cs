using Sam.Crds.V1Alpha1;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Logins;

namespace Sam.Operator.Controllers.Projects.TokenSecrets;

/// <summary>
/// Logins for GitHub's own registry by installation token, where the operator's option says so. Unverified: it is reported to fail for private
/// packages, and no such registry can be reached from our tests.
/// </summary>
internal sealed class GitHubPackagesLogins(ITokenSecretSource tokens, RegistryOptions options)
{
    private const string User = "x-access-token";
    private static readonly Dictionary<string, string> s_reading = new() { ["packages"] = "read" };

    /// <summary>Whether an entry is for GitHub's registry, and that is switched on.</summary>
    public bool Serves(TokenSecretSpec entry) => options.GitHubPackages is { } host && entry.Registry == host;

    /// <summary>A token of the broker's, with all that it proves, as a Docker configuration.</summary>
    public async Task<TokenSecretOutcome> GetAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        bool isIntact,
        CancellationToken cancellationToken
    )
    {
        var asked = entry with { Kind = TokenSecretKind.GitHubToken, Permissions = s_reading, Registry = null };
        var outcome = await tokens.GetAsync(context, asked, isIntact, cancellationToken);
        return outcome is TokenSecretOutcome.Fresh fresh ? fresh with { Data = Document(entry.Registry!, fresh.Data) } : outcome;
    }

    /// <summary>What the entry held before ends at GitHub.</summary>
    public Task EndOthersAsync(
        ProjectContext context,
        string entry,
        TokenSecretOutcome.Fresh kept,
        CancellationToken cancellationToken
    ) => tokens.EndOthersAsync(context, entry, kept, cancellationToken);

    private static Dictionary<string, byte[]> Document(string host, IReadOnlyDictionary<string, byte[]> token) =>
        new(StringComparer.Ordinal)
        {
            [DockerConfiguration.Key] = DockerConfiguration.For(host, User, System.Text.Encoding.UTF8.GetString(token["token"])),
        };
}
