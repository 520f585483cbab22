using System.Collections.Immutable;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Tokens;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Finds the devcontainer configurations of the default branch through the tree API, once a proof. Optional: what fails leaves the list as it was.</summary>
internal sealed class ReadRepository(RepositoryMemory memory) : IStep<ProjectContext>
{
    private const string Folder = ".devcontainer";
    private const string File = "devcontainer.json";
    private const string DotFile = ".devcontainer.json";
    private const int Most = 50;

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var uid = context.Project.Metadata.Uid;
        if (memory.FindLast(uid) is not { Proofs: [RepositoryProof.Proved proved, ..], Fault: null } report)
            return StepResult.Continue();
        if (report.Devcontainers is null)
        {
            try
            {
                report = memory.Keep(uid, report with { Devcontainers = await ReadAsync(proved, cancellationToken) });
            }
            catch (GitHubException)
            {
                return StepResult.Continue(); // the next proof brings the next try; nothing waits for this
            }
        }
        context.Project.Status.Devcontainers = [.. report.Devcontainers!.Value];
        return StepResult.Continue();
    }

    // The root and one folder: a repository of any size is read in two calls, and neither is ever cut.
    private static async Task<ImmutableArray<string>> ReadAsync(
        RepositoryProof.Proved proved,
        CancellationToken cancellationToken
    )
    {
        var (repository, access) = (proved.Repository, proved.Access);
        if (!proved.Installation.Permissions.ContainsKey("contents"))
            return [];
        if (await access.ReadTreeAsync(repository.FullName, repository.DefaultBranch, false, cancellationToken) is not { } root)
            return [];
        var found = root.Entries.Where(entry => entry is { IsFolder: false, Path: DotFile }).Select(entry => entry.Path);
        if (root.Entries.FirstOrDefault(entry => entry is { IsFolder: true, Path: Folder }) is { } folder)
        {
            var inner = await access.ReadTreeAsync(repository.FullName, folder.Sha, true, cancellationToken);
            found = found.Concat((inner?.Entries ?? []).Where(IsConfiguration).Select(entry => $"{Folder}/{entry.Path}"));
        }
        return [.. found.Order(StringComparer.Ordinal).Take(Most)];
    }

    // Right in the folder, or one folder deeper: that is what the specification knows.
    private static bool IsConfiguration(GitTreeEntry entry) => !entry.IsFolder && entry.Path.Split('/') is [File] or [_, File];
}
