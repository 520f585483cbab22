using System.Runtime.CompilerServices;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Policy;
using Sam.Operator.Tokens;
using Sam.Rules.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>
/// Proves the repositories by name and id, and shows what was found. One further repository that fails drops out alone. Asked again after an hour, on
/// every change of what the answer rests on, and sooner while something is wrong, since no watch tells when GitHub's side is mended.
/// </summary>
internal sealed class VerifyRepository(IRepositoryProofs proofs, RepositoryMemory memory, IPlatformPolicies policies)
    : IStep<ProjectContext>
{
    private static readonly TimeSpan Reproof = TimeSpan.FromHours(1);
    private static readonly TimeSpan SoonestRecheck = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SoonestRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LatestRecheck = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LatestRetry = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => RepositoryVerified.Type;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var references = GitHubProject.Repositories(context.Project);
        switch (GitHubProject.App(context))
        {
            case null:
                return NotConfigured(context.Project, "The Project names no GitHub App");
            case not null when references.Count == 0:
                return NotConfigured(context.Project, "The Project names no repository");
            case AppAnswer.Missing(var fault, var why):
                return StepResult.Continue(ReasonOf(fault), why);
            case AppAnswer.Known(var key, var isPlatform):
                var report = await ReportAsync(context, key, isPlatform, references, cancellationToken);
                Show(context.Project, references, report);
                return Judge(context, report);
            case var other:
                throw new InvalidOperationException($"Unhandled answer {other}");
        }
    }

    private async Task<RepositoryReport> ReportAsync(
        ProjectContext context,
        GitHubAppKey key,
        bool isPlatform,
        IReadOnlyList<RepositoryReference> references,
        CancellationToken cancellationToken
    )
    {
        var (uid, now) = (context.Project.Metadata.Uid, context.Run.Now);
        var questions = Questions(key, isPlatform, context.Project);
        var last = memory.Find(uid, questions);
        if (last is not null && now < last.NextAt)
            return last;
        try
        {
            var owner = TokenOwner.Of(context.Project);
            var found = await proofs.ProveAsync(owner, key, isPlatform, references, cancellationToken);
            var isGood = found[0] is RepositoryProof.Proved;
            var badSince = isGood ? (DateTimeOffset?)null : last?.BadSince ?? now;
            // Projects that began together drift apart: each asks again at a moment of its own.
            var next = isGood
                ? Reproof - (Reproof / 10 * Share(uid))
                : Doubling(now - badSince!.Value, SoonestRecheck, LatestRecheck);
            return memory.Keep(
                uid,
                new RepositoryReport(questions, now, now + next) { Proofs = [.. found], BadSince = badSince }
            );
        }
        catch (GitHubException fault) when (fault.MayPass || fault.Kind == GitHubErrorKind.NotFound)
        {
            var since = last?.BadSince ?? now;
            var wait = Doubling(now - since, SoonestRetry, LatestRetry);
            var next = fault.RetryAfter > wait ? fault.RetryAfter.Value : wait;
            return memory.Keep(
                uid,
                new RepositoryReport(questions, now, now + next)
                {
                    Fault = fault,
                    BadSince = since,
                    Proofs = last?.Proofs ?? [],
                }
            );
        }
    }

    private static void Show(Project project, IReadOnlyList<RepositoryReference> references, RepositoryReport report)
    {
        if (report.Proofs.Length != references.Count || report.Fault is not null)
            return; // GitHub was silent: what was found before stands, and the condition says how old it is
        project.Status.Repositories =
        [
            .. references.Zip(report.Proofs, (reference, proof) => Shown(reference, proof, report.Proofs[0])),
        ];
        if (report.Proofs[0] is not RepositoryProof.Proved(var repository, var installation, _))
            return;
        project.Status.Repository = new RepositoryStatus
        {
            Id = repository.Id,
            FullName = repository.FullName,
            DefaultBranch = repository.DefaultBranch,
            Private = repository.Private,
            InstallationId = installation.Id,
            VerifiedAt = report.At.AddTicks(-(report.At.Ticks % TimeSpan.TicksPerSecond)),
        };
    }

    private static VerifiedRepository Shown(RepositoryReference reference, RepositoryProof proof, RepositoryProof primary) =>
        proof switch
        {
            RepositoryProof.Proved(var found, var installation, _)
                when primary is RepositoryProof.Proved(_, var first, _) && first.Id != installation.Id => new VerifiedRepository
            {
                FullName = reference.FullName,
                Id = found.Id,
                Reason = nameof(TokenRefusal.OtherInstallation),
            },
            RepositoryProof.Proved(var found, _, _) => new VerifiedRepository
            {
                FullName = reference.FullName,
                Id = found.Id,
                Verified = true,
            },
            // The id that it was known by stays: it is what the next proof compares with.
            RepositoryProof.Refused(var reason, _) => new VerifiedRepository
            {
                FullName = reference.FullName,
                Id = reference.Id,
                Reason = reason.ToString(),
            },
            _ => throw new InvalidOperationException($"Unhandled proof {proof}"),
        };

    private static StepResult Judge(ProjectContext context, RepositoryReport report)
    {
        var again = report.NextAt - context.Run.Now;
        if (report.Fault is { } fault)
            return StepResult.Continue(
                fault.Kind is GitHubErrorKind.RateLimited or GitHubErrorKind.SecondaryRateLimited
                    ? RepositoryVerified.RateLimited
                    : RepositoryVerified.GitHubUnavailable,
                fault.Message,
                again
            );
        if (report.Proofs[0] is RepositoryProof.Refused(var refusal, var why))
            return StepResult.Continue(ReasonOf(refusal), why, again);
        var excluded = context.Project.Status.Repositories.Where(repository => !repository.Verified).ToList();
        var message =
            excluded.Count == 0
                ? $"{report.Proofs.Length} repositories are proved by name and id"
                : "Left out: " + string.Join(", ", excluded.Select(one => $"{one.FullName} ({one.Reason})"));
        return StepResult.Continue(RepositoryVerified.Verified, message, again);
    }

    private StepResult NotConfigured(Project project, string why)
    {
        memory.Forget(project.Metadata.Uid);
        (project.Status.Repository, project.Status.Repositories, project.Status.Devcontainers) = (null, [], []);
        return StepResult.Continue(RepositoryVerified.NotConfigured, why);
    }

    // What was learned does not count: learning an id is no reason to ask again.
    private string Questions(GitHubAppKey key, bool isPlatform, Project project) =>
        $"{key.AppId} {key.Fingerprint} {isPlatform} {RuntimeHelpers.GetHashCode(policies.Current)} "
        + string.Join(
            ' ',
            project.Spec.AdditionalRepositories.Prepend(project.Spec.Repository!).Select(r => $"{r.Owner}/{r.Name}#{r.Id}")
        );

    private static TimeSpan Doubling(TimeSpan elapsed, TimeSpan least, TimeSpan most) =>
        elapsed < least ? least
        : elapsed > most ? most
        : elapsed;

    // The same in every process, unlike a hash code.
    private static double Share(string uid) => uid.Aggregate(17u, (sum, c) => (sum * 31) + c) / (double)uint.MaxValue;

    private static Reason ReasonOf(CredentialFault fault) =>
        fault is CredentialFault.SecretUnreadable or CredentialFault.WrongProvider
            ? RepositoryVerified.AppKeyInvalid
            : RepositoryVerified.AppSecretNotFound;

    private static Reason ReasonOf(TokenRefusal refusal) =>
        refusal switch
        {
            TokenRefusal.PolicyForbids => RepositoryVerified.PolicyForbids,
            TokenRefusal.AppKeyInvalid => RepositoryVerified.AppKeyInvalid,
            TokenRefusal.AppNotInstalled => RepositoryVerified.AppNotInstalled,
            TokenRefusal.RepositoryNotFound => RepositoryVerified.RepositoryNotFound,
            TokenRefusal.RepositoryRenamed => RepositoryVerified.RepositoryRenamed,
            TokenRefusal.RepositoryIdChanged => RepositoryVerified.RepositoryIdChanged,
            TokenRefusal.RepositoryAccessDenied => RepositoryVerified.RepositoryAccessDenied,
            _ => throw new InvalidOperationException($"Unhandled refusal {refusal}"),
        };
}
