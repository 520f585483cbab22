using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects;

/// <summary>The door of the room.</summary>
internal static class ProjectRegistration
{
    /// <summary>Adds the Project controller.</summary>
    public static IRuntimeBuilder AddProjects(this IRuntimeBuilder runtime)
    {
        runtime.Services.AddSingleton<IStepContextFactory<Project, StepRun<Project>>, ProjectContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<Project>, ProjectConditionSet>();
        runtime.Services.AddSingleton<ResolveCredentials>();
        return runtime
            .AddInformer(CredentialUsers.Index)
            .AddController<ProjectController, Project>()
            // A credential that appears, changes or goes.
            .Watches<ProjectController, Project, MetadataOf<V1Secret>>(
                (secret, stores) => CredentialUsers.Projects(secret, stores).Select(project => ObjectKey.Of(project))
            );
    }
}
