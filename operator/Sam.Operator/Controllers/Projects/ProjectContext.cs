using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects;

/// <summary>What was observed of a Project for one run.</summary>
internal sealed class ProjectContext(StepRun<Project> run, CredentialView credentials)
{
    /// <summary>The run.</summary>
    public StepRun<Project> Run { get; } = run;

    /// <summary>The Project; its status is what the run writes.</summary>
    public Project Project => Run.Entity;

    /// <summary>Its namespace.</summary>
    public string Namespace => Project.Metadata.NamespaceProperty;

    /// <summary>Where its credentials come from; every step of the run gets the same answer.</summary>
    public CredentialView Credentials { get; } = credentials;
}

/// <summary>Reads what a Project's credentials rest on, once a run.</summary>
internal sealed class ProjectContextFactory(CredentialSources sources) : IStepContextFactory<Project, ProjectContext>
{
    public async Task<ProjectContext> ObserveAsync(StepRun<Project> run, CancellationToken cancellationToken) =>
        new(run, await sources.ReadAsync(run.Entity.Metadata.NamespaceProperty, run.Entity, consumer: null, cancellationToken));
}
