using System.Text.RegularExpressions;

namespace Sam.Operator.Registry;

/// <summary>A repository, taken apart by the rule of its registry.</summary>
/// <param name="Namespace">The Kubernetes namespace that it belongs to.</param>
/// <param name="Name">The rest of its name.</param>
internal sealed record RepositoryPlace(string Namespace, string Name);

/// <summary>The registries that trust SAM's key, and whose a repository is there.</summary>
internal sealed partial class RegistryDirectory(IReadOnlyList<TrustedRegistry> registries)
{
    private const int LongestRepository = 255; // as registries limit it

    /// <summary>The registry of a host as image references name it, exactly; null if it is not trusted.</summary>
    public TrustedRegistry? ByHost(string host) => registries.FirstOrDefault(registry => registry.Host == host);

    /// <summary>The registry of a service as the token protocol names it; null if it is not trusted.</summary>
    public TrustedRegistry? ByService(string service) => registries.FirstOrDefault(registry => registry.Audience == service);

    /// <summary>Whose a repository is; null if it is nobody's, or no repository's name at all.</summary>
    public static RepositoryPlace? PlaceOf(TrustedRegistry registry, string repository)
    {
        if (repository.Length > LongestRepository || !Repository().IsMatch(repository))
            return null;
        var before = registry.Repositories[..registry.Repositories.IndexOf('{', StringComparison.Ordinal)];
        if (!repository.StartsWith(before, StringComparison.Ordinal))
            return null;
        return repository[before.Length..].Split('/', 2) is [var home, var name] && Namespace().IsMatch(home)
            ? new RepositoryPlace(home, name)
            : null;
    }

    // A name component of the OCI distribution specification, and components joined by slashes.
    [GeneratedRegex(
        @"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();
}
