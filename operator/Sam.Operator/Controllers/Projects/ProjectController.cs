using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects;

/// <summary>Shows where a Project's credentials come from, by the same resolver that uses them.</summary>
[Rbac<Project>("get", "list", "watch")]
[Rbac<Project>("patch", Subresource = "status")]
internal sealed class ProjectController(StepRunner<Project, StepRun<Project>> runner, ResolveCredentials credentials)
    : IEntityController<Project>
{
    private readonly IStep<StepRun<Project>>[] _steps = [credentials];

    public Task<ReconciliationResult<Project>> ReconcileAsync(Project entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _steps, cancellationToken);
}

/// <summary>A Project's run needs nothing but the Project.</summary>
internal sealed class ProjectContextFactory : IStepContextFactory<Project, StepRun<Project>>
{
    public Task<StepRun<Project>> ObserveAsync(StepRun<Project> run, CancellationToken cancellationToken) => Task.FromResult(run);
}
