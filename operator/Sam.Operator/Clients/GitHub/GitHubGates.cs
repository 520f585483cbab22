using System.Collections.Concurrent;

namespace Sam.Operator.Clients.GitHub;

/// <summary>One gate for each App and for each installation, whichever key or token calls.</summary>
internal sealed class GitHubGates(GitHubClock clock, Random random, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, GitHubGate> _gates = new(StringComparer.Ordinal);

    public GitHubGate OfApp(string appId) => Of($"app {appId}");

    public GitHubGate OfInstallation(string appId, long installationId) => Of($"app {appId} installation {installationId}");

    private GitHubGate Of(string name) => _gates.GetOrAdd(name, key => new GitHubGate(key, clock, random, timeProvider));
}
