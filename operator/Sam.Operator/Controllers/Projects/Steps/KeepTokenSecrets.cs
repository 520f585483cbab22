using System.Collections.Immutable;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Projects.TokenSecrets;
using Sam.Operator.Tokens;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>
/// Keeps the Secrets of <c>spec.tokenSecrets</c> fresh: renewed at half of their life, gone with their entry, with the token ended. One entry that
/// fails harms itself alone.
/// </summary>
internal sealed class KeepTokenSecrets(TokenSecretObjects objects, IEnumerable<ITokenSecretSource> sources, ITokenBroker broker)
    : IStep<ProjectContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);

    private readonly ImmutableDictionary<TokenSecretKind, ITokenSecretSource> _sources = sources.ToImmutableDictionary(source =>
        source.Kind
    );

    public ConditionType? Condition => TokenSecretsFresh.Type;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var project = context.Project;
        await DropLeftoversAsync(context, cancellationToken);
        var kept = new List<(TokenSecretStatus Shown, TokenSecretOutcome Outcome)>();
        foreach (var entry in project.Spec.TokenSecrets)
            kept.Add(await KeepAsync(context, entry, cancellationToken));
        project.Status.TokenSecrets = [.. kept.Select(pair => pair.Shown)];
        return Judge(context, kept);
    }

    private async Task<(TokenSecretStatus, TokenSecretOutcome)> KeepAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        CancellationToken cancellationToken
    )
    {
        var project = context.Project;
        var source = _sources[entry.Kind];
        var existing = await objects.FindAsync(project, entry.Name, cancellationToken);
        var outcome =
            existing is null || TokenSecretObjects.IsOurs(existing.Metadata, project)
                ? await source.GetAsync(context, entry, IsIntact(existing, entry, source), cancellationToken)
                : NotOurs(entry);
        if (outcome is TokenSecretOutcome.Fresh fresh)
        {
            await objects.WriteAsync(project, entry, existing, source.SecretType, fresh, cancellationToken);
            if (existing is not null && !TokenSecretObjects.IsFor(existing, entry))
                await source.EndOthersAsync(context, entry.Name, fresh, cancellationToken);
        }
        return (Show(project, entry, outcome), outcome);
    }

    private async Task DropLeftoversAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var project = context.Project;
        foreach (var (name, uid) in objects.Leftovers(project))
            await objects.DropAsync(project, name, uid, cancellationToken);
        // The status names what was kept, whether its Secret is still there or not.
        foreach (var gone in project.Status.TokenSecrets.Where(shown => IsGone(project, shown)))
            await broker.EndAsync(TokenOwner.Of(project), GitHubTokenSource.UseOf(gone.Name), cancellationToken);
    }

    private static bool IsGone(Project project, TokenSecretStatus shown) =>
        project.Spec.TokenSecrets.All(entry => entry.Name != shown.Name || entry.Kind != shown.Kind);

    private static bool IsIntact(V1Secret? existing, TokenSecretSpec entry, ITokenSecretSource source) =>
        existing is not null && TokenSecretObjects.IsIntact(existing, entry, source.SecretType);

    private static TokenSecretOutcome NotOurs(TokenSecretSpec entry) =>
        new TokenSecretOutcome.Refused(
            TokenSecretFault.SecretNotOurs,
            nameof(TokenSecretFault.SecretNotOurs),
            $"Secret {entry.Name} exists and is not SAM's; it is left as it is"
        );

    private static TokenSecretStatus Show(Project project, TokenSecretSpec entry, TokenSecretOutcome outcome)
    {
        var before = project.Status.TokenSecrets.FirstOrDefault(shown => shown.Name == entry.Name && shown.Kind == entry.Kind);
        return outcome switch
        {
            TokenSecretOutcome.Fresh fresh => new TokenSecretStatus
            {
                Name = entry.Name,
                Kind = entry.Kind,
                ExpiresAt = WholeSeconds(fresh.EndsAt),
                RenewAt = WholeSeconds(fresh.RenewAt),
                Repositories = [.. fresh.Repositories],
                Permissions = fresh.Permissions?.ToDictionary(StringComparer.Ordinal),
            },
            TokenSecretOutcome.Unchanged when before is not null => before with { Reason = null, Message = null },
            TokenSecretOutcome.Refused(_, var reason, var why) => (before ?? New(entry)) with { Reason = reason, Message = why },
            TokenSecretOutcome.Later(var why, _) => (before ?? New(entry)) with { Reason = "Later", Message = why },
            _ => throw new InvalidOperationException($"Unhandled outcome {outcome}"),
        };
    }

    private static TokenSecretStatus New(TokenSecretSpec entry) => new() { Name = entry.Name, Kind = entry.Kind };

    private static StepResult Judge(ProjectContext context, List<(TokenSecretStatus Shown, TokenSecretOutcome Outcome)> kept)
    {
        if (kept.Count == 0)
            return StepResult.Continue(TokenSecretsFresh.NoneAsked, "The Project asks for no token Secrets");
        var again = kept.Select(pair => NextLook(context, pair.Shown, pair.Outcome)).Min();
        var stale = kept.Where(pair => pair.Outcome is TokenSecretOutcome.Refused or TokenSecretOutcome.Later).ToList();
        if (stale.Count == 0)
            return StepResult.Continue(TokenSecretsFresh.Fresh, $"{kept.Count} token Secrets are fresh", again);
        var message = string.Join("; ", stale.Select(pair => $"{pair.Shown.Name}: {pair.Shown.Message}"));
        return StepResult.Continue(ReasonOf(context, stale[0].Shown, stale[0].Outcome), message, again);
    }

    private static TimeSpan NextLook(ProjectContext context, TokenSecretStatus shown, TokenSecretOutcome outcome) =>
        outcome switch
        {
            TokenSecretOutcome.Later(_, var after) => after,
            TokenSecretOutcome.Refused => Recheck,
            _ when shown.RenewAt > context.Run.Now => shown.RenewAt.Value - context.Run.Now,
            _ => TimeSpan.FromSeconds(1),
        };

    private static Reason ReasonOf(ProjectContext context, TokenSecretStatus shown, TokenSecretOutcome outcome) =>
        outcome switch
        {
            // A silence is unknown for as long as the last token lives, and after that it is stale.
            TokenSecretOutcome.Later => shown.ExpiresAt is { } end && end <= context.Run.Now
                ? TokenSecretsFresh.SomeStale
                : TokenSecretsFresh.GitHubUnavailable,
            TokenSecretOutcome.Refused { Fault: TokenSecretFault.RepositoryNotVerified } =>
                TokenSecretsFresh.RepositoryNotVerified,
            TokenSecretOutcome.Refused { Fault: TokenSecretFault.PermissionNotGranted } => TokenSecretsFresh.PermissionNotGranted,
            TokenSecretOutcome.Refused { Fault: TokenSecretFault.PolicyForbids } => TokenSecretsFresh.PolicyForbids,
            TokenSecretOutcome.Refused { Fault: TokenSecretFault.SecretNotOurs } => TokenSecretsFresh.SecretNotOurs,
            _ => TokenSecretsFresh.SomeStale,
        };

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
