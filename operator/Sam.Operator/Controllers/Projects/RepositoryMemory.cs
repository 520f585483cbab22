using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Tokens;

namespace Sam.Operator.Controllers.Projects;

/// <summary>
/// What GitHub said of each Project's repositories when it was last asked, so that not every run asks. A mint never believes it: the broker proves anew.
/// </summary>
internal sealed class RepositoryMemory
{
    private readonly ConcurrentDictionary<string, RepositoryReport> _reports = new(StringComparer.Ordinal);

    /// <summary>The last report for exactly these questions; null if there is none.</summary>
    public RepositoryReport? Find(string uid, string questions) =>
        _reports.TryGetValue(uid, out var report) && report.Questions == questions ? report : null;

    /// <summary>The last report of a Project.</summary>
    public RepositoryReport? FindLast(string uid) => _reports.GetValueOrDefault(uid);

    /// <summary>Remembers a report.</summary>
    public RepositoryReport Keep(string uid, RepositoryReport report) => _reports[uid] = report;

    /// <summary>Forgets a Project.</summary>
    public void Forget(string uid) => _reports.TryRemove(uid, out _);
}

/// <summary>What GitHub said.</summary>
/// <param name="Questions">What was asked: App, policy, names and ids.</param>
/// <param name="At">When.</param>
/// <param name="NextAt">When to ask again.</param>
internal sealed record RepositoryReport(string Questions, DateTimeOffset At, DateTimeOffset NextAt)
{
    /// <summary>One proof for each repository; empty if GitHub did not answer.</summary>
    public ImmutableArray<RepositoryProof> Proofs { get; init; } = [];

    /// <summary>Why GitHub did not answer.</summary>
    public GitHubException? Fault { get; init; }

    /// <summary>Since when nothing good was heard.</summary>
    public DateTimeOffset? BadSince { get; init; }

    /// <summary>The devcontainer configurations of the primary repository; null if they were not read yet.</summary>
    public ImmutableArray<string>? Devcontainers { get; init; }
}
