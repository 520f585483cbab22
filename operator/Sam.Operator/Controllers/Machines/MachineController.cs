using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Provision;
using Sam.Operator.Controllers.Machines.Teardown;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines;

/// <summary>One VM at the provider: from a claimed offer to a delete that the provider has confirmed.</summary>
[Rbac<Machine>("get", "list", "watch", "patch")]
[Rbac<Machine>("patch", Subresource = "status")]
internal sealed class MachineController(
    StepRunner<Machine, MachineContext> runner,
    KeepCredential credential,
    ObserveServer observe,
    HoldSlot slot,
    BuyServer buy,
    GuardServer guard,
    KeepAddress address,
    EnsureVolumes volumes,
    AwaitEngine engine,
    WatchEngine watch,
    DeleteServer delete,
    ReleaseVolumes releaseVolumes,
    ReleaseAddress releaseAddress,
    DropCredential drop
) : IEntityController<Machine>, IEntityFinalizer<Machine>
{
    // The credential is kept before anything is bought, and the world is looked at before anything is bought twice.
    private readonly IStep<MachineContext>[] _provision =
    [
        credential,
        observe,
        slot,
        buy,
        guard,
        address,
        volumes,
        engine,
        watch,
    ];

    // The credential goes last: it is what the delete needs.
    private readonly IStep<MachineContext>[] _teardown = [delete, releaseVolumes, releaseAddress, drop];

    public Task<ReconciliationResult<Machine>> ReconcileAsync(Machine entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _provision, cancellationToken);

    public Task<ReconciliationResult<Machine>> FinalizeAsync(Machine entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _teardown, cancellationToken);
}
