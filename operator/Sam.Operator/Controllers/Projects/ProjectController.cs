using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects;

/// <summary>Which repository, whose credentials, how much: shown by the same rules that act on it.</summary>
[Rbac<Project>("get", "list", "watch", "patch")]
[Rbac<Project>("patch", Subresource = "status")]
internal sealed class ProjectController(
    StepRunner<Project, ProjectContext> runner,
    ResolveCredentials credentials,
    ProbeCredentials probe,
    CountUsage usage,
    VerifyRepository verify,
    ReadRepository read,
    KeepTokenSecrets secrets,
    JudgeProject judge,
    AwaitDependents dependents,
    RevokeTokens revoke
) : IEntityController<Project>, IEntityFinalizer<Project>
{
    // One bad credential or repository harms what needs it: every step runs, and the last one says whether waiting helps.
    private readonly IStep<ProjectContext>[] _observe = [credentials, probe, usage, verify, read, secrets, judge];

    // Tokens end as soon as the Project is to go, by the watcher of their journal; here nothing goes before they have.
    private readonly IStep<ProjectContext>[] _teardown = [dependents, revoke];

    public Task<ReconciliationResult<Project>> ReconcileAsync(Project entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _observe, cancellationToken);

    public Task<ReconciliationResult<Project>> FinalizeAsync(Project entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _teardown, cancellationToken);
}
