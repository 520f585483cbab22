using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Operator.Controllers.DeploymentNodes.Steps;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>A long-lived VM that serves Compose apps: a Machine, Caddy on it, and the document that Caddy runs.</summary>
[Rbac<DeploymentNode>("get", "list", "watch", "patch")]
[Rbac<DeploymentNode>("patch", Subresource = "status")]
internal sealed class DeploymentNodeController(
    StepRunner<DeploymentNode, DeploymentNodeContext> runner,
    ResolveProvider provider,
    AdmitMachine admit,
    AdoptServer adopt,
    ReplaceMachine replace,
    EnsureMachine machine,
    AlignMachine align,
    EnsureCaddy caddy,
    ReadHost host,
    LoadCaddyDocument document,
    ReadCertificates certificates,
    ReportRoutes routes,
    ReportApps apps,
    DeleteMachine delete,
    ReturnSlot slot
) : IEntityController<DeploymentNode>, IEntityFinalizer<DeploymentNode>
{
    private readonly IStep<DeploymentNodeContext>[] _serve =
    [
        provider,
        admit,
        adopt,
        replace,
        align,
        machine,
        caddy,
        host,
        document,
        certificates,
        routes,
        apps,
    ];

    // The apps' containers go with the VM: one delete, confirmed by the provider.
    private readonly IStep<DeploymentNodeContext>[] _teardown = [delete, slot];

    public Task<ReconciliationResult<DeploymentNode>> ReconcileAsync(
        DeploymentNode entity,
        CancellationToken cancellationToken
    ) => runner.RunAsync(entity, _serve, cancellationToken);

    public Task<ReconciliationResult<DeploymentNode>> FinalizeAsync(DeploymentNode entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _teardown, cancellationToken);
}
