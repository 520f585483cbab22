using k8s;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Operator.Credentials;
using Sam.Operator.Limits;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects;

/// <summary>The door of the room.</summary>
internal static class ProjectRegistration
{
    /// <summary>Adds the Project controller, and the slots of Projects' limits.</summary>
    public static IRuntimeBuilder AddProjects(this IRuntimeBuilder runtime, CredentialUsers users)
    {
        runtime.Services.AddSingleton<IStepContextFactory<Project, ProjectContext>, ProjectContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<Project>, ProjectConditionSet>();
        runtime.Services.AddSingleton<IProjectSlots, ProjectSlots>();
        runtime.Services.AddSingleton<SlotHolders>();
        runtime.Services.AddSingleton<ResolveCredentials>();
        runtime.Services.AddSingleton<ProbeCredentials>();
        runtime.Services.AddSingleton<CountUsage>();
        runtime.AddGitHubSteps();
        runtime.Services.AddSingleton<JudgeProject>();
        runtime.Services.AddSingleton<AwaitDependents>();
        return runtime
            .AddInformer(CredentialUsers.Index)
            .AddController<ProjectController, Project>(new ControllerOptions { FinalizerName = Names.Finalizer })
            // A credential that appears, changes or goes.
            .Watches<ProjectController, Project, MetadataOf<V1Secret>>(
                (secret, stores) => users.Projects(secret, stores).Select(project => ObjectKey.Of(project))
            )
            // A token Secret that somebody changes or removes is written again.
            .Watches<ProjectController, Project, MetadataOf<V1Secret>>((secret, stores) => GitHubSteps.Owner(secret))
            // What holds a slot, and what the end of the Project waits for.
            .Watches<ProjectController, Project, DeploymentNode>(
                (node, stores) => Concerned(node, node.Spec.ProjectRef.Name, holds: node.Status.MachineRef is not null, stores)
            )
            .Watches<ProjectController, Project, Machine>(
                (machine, stores) =>
                    machine.Spec.ProjectRef is { } project && machine.Metadata.OwnerReferences is not { Count: > 0 }
                        ? Concerned(machine, project.Name, holds: machine.Status is { ServerId: not null }, stores)
                        : []
            );
    }

    /// <summary>The Project, if what happened to one of its objects changes anything for it; most of what happens to them does not.</summary>
    private static IEnumerable<ObjectKey> Concerned<TEntity>(TEntity entity, string name, bool holds, IStores stores)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var home = entity.Metadata.NamespaceProperty;
        if (stores.Of<Project>().Get(home, name) is not { } project)
            return [];
        var isGone = stores.Of<TEntity>().Get(home, entity.Metadata.Name)?.Metadata.Uid != entity.Metadata.Uid;
        var isCounted = project.Status.Usage?.Reservations.Any(slot => slot.Holder == entity.Metadata.Uid) == true;
        return isGone || project.Metadata.DeletionTimestamp is not null || isCounted != holds ? [ObjectKey.Of(project)] : [];
    }
}
