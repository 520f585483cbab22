using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Operator.Controllers.DeploymentNodes.Events;
using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Operator.Controllers.DeploymentNodes.Steps;
using Sam.Operator.Credentials;
using Sam.Operator.Limits;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>The door of the room.</summary>
internal static class DeploymentNodeRegistration
{
    /// <summary>Adds the DeploymentNode controller.</summary>
    public static IRuntimeBuilder AddDeploymentNodes(this IRuntimeBuilder runtime, CredentialUsers users)
    {
        runtime.Services.AddSingleton<IStepContextFactory<DeploymentNode, DeploymentNodeContext>, DeploymentNodeContextFactory>();
        runtime.Services.AddSingleton<IConditionSet<DeploymentNode>, DeploymentNodeConditionSet>();
        runtime.Services.AddSingleton<ResolveProvider>();
        runtime.Services.AddSingleton<AdmitMachine>();
        runtime.Services.AddSingleton<AdoptServer>();
        runtime.Services.AddSingleton<EnsureMachine>();
        runtime.Services.AddSingleton<AlignMachine>();
        runtime.Services.AddSingleton<DocumentRenderer>();
        runtime.Services.AddSingleton<CaddyMaker>();
        runtime.Services.AddSingleton<CaddyMove>();
        runtime.Services.AddSingleton<Successor>();
        runtime.Services.AddSingleton<Retirement>();
        runtime.Services.AddSingleton<ReplaceMachine>();
        runtime.Services.AddSingleton<EnsureCaddy>();
        runtime.Services.AddSingleton<HostReadings>();
        runtime.Services.AddSingleton<ReadHost>();
        runtime.Services.AddSingleton<LoadCaddyDocument>();
        runtime.Services.AddSingleton<CertificateReadings>();
        runtime.Services.AddSingleton<ReadCertificates>();
        runtime.Services.AddSingleton<ReportRoutes>();
        runtime.Services.AddSingleton<ReportApps>();
        runtime.Services.AddSingleton<DeleteMachine>();
        runtime.Services.AddSingleton<ReturnSlot>();
        runtime.Services.AddSingleton<EngineStreams>();
        return runtime
            // What happens on the engine is told by nobody in Kubernetes.
            .AddListener<EngineListener, Machine, EngineSource>()
            .AddInformer(ProjectIndexes.Nodes)
            .AddController<DeploymentNodeController, DeploymentNode>(new ControllerOptions { FinalizerName = Names.Finalizer })
            // The Machine's conditions are what the node waits for.
            .Watches<DeploymentNodeController, DeploymentNode, Machine>(
                (machine, _) =>
                    KeyOf(
                        machine.Metadata.NamespaceProperty,
                        machine.Metadata.Labels?.TryGetValue(Names.Labels.Node, out var node) == true ? node : null
                    )
            )
            // An app's published routes are what Caddy's document is made of.
            .Watches<DeploymentNodeController, DeploymentNode, ComposeApp>(
                (app, _) => KeyOf(app.Metadata.NamespaceProperty, app.Spec.NodeRef.Name)
            )
            .Watches<DeploymentNodeController, DeploymentNode, Project>(NodesOf)
            // The token that pays, and logins of routes.
            .Watches<DeploymentNodeController, DeploymentNode, MetadataOf<V1Secret>>(
                (secret, stores) =>
                    users
                        .Payers(secret, stores)
                        .SelectMany(project => NodesOf(project, stores))
                        .Concat(AppSources.NodesOf(secret, stores))
            );
    }

    private static IEnumerable<ObjectKey> NodesOf(Project project, IStores stores) =>
        stores
            .Of<DeploymentNode>()
            .ByIndex(ProjectIndexes.Nodes.Name, ProjectIndexes.Key(project.Metadata.NamespaceProperty, project.Metadata.Name))
            .Select(node => ObjectKey.Of(node));

    private static IEnumerable<ObjectKey> KeyOf(string home, string? name) => name is null ? [] : [new ObjectKey(home, name)];
}
