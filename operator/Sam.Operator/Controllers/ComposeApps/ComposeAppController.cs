using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Steps;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>One Compose app on a node: from a valid file to a release that serves, and back to nothing.</summary>
[Rbac<ComposeApp>("get", "list", "watch", "patch")]
[Rbac<ComposeApp>("patch", Subresource = "status")]
internal sealed class ComposeAppController(
    StepRunner<ComposeApp, ComposeAppContext> runner,
    ResolveManifest manifest,
    RecordRelease record,
    RunRelease run,
    JudgeHealth health,
    RunHooks hooks,
    VerifyHosts hosts,
    PublishDns dns,
    PublishRoutes routes,
    ReportCertificates certificates,
    ConfirmInSync sync,
    TidyImages tidy,
    Conclude conclude,
    WithdrawDns withdrawDns,
    WithdrawRoutes withdraw,
    TearDownApp tearDown,
    ReturnImages images,
    DropReleases drop
) : IEntityController<ComposeApp>, IEntityFinalizer<ComposeApp>
{
    // A manifest that is refused does not end the care for the release that serves: it is told at the end.
    private readonly IStep<ComposeAppContext>[] _serve =
    [
        manifest,
        record,
        run,
        health,
        hooks,
        hosts,
        dns,
        routes,
        certificates,
        sync,
        tidy,
        conclude,
    ];

    // Traffic leaves before containers, containers before the record of what they were.
    private readonly IStep<ComposeAppContext>[] _teardown = [withdrawDns, withdraw, tearDown, images, drop];

    public Task<ReconciliationResult<ComposeApp>> ReconcileAsync(ComposeApp entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _serve, cancellationToken);

    public Task<ReconciliationResult<ComposeApp>> FinalizeAsync(ComposeApp entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _teardown, cancellationToken);
}
