namespace Sam.Operator.Clients.GitHub;

/// <summary>Where Git reaches GitHub, as against its API.</summary>
/// <param name="Name">The host, with its port if it has one.</param>
internal sealed record GitHubHost(string Name)
{
    /// <summary>The host that belongs to an API's address.</summary>
    public static GitHubHost Of(Uri endpoint) => new(endpoint.Host == "api.github.com" ? "github.com" : endpoint.Authority);
}
