using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Rules.Disks;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Tells how full the disk is, and which Docker and Caddy the node runs. Nothing of it makes the node unready.</summary>
internal sealed class ReadHost(HostReadings readings) : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => DiskPressure.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var status = context.Node.Status;
        var reading = await readings.ReadAsync(
            context.Machine!.Spec.MachineId,
            context.Link!,
            context.CaddyId!,
            cancellationToken
        );
        status.EngineVersion = reading.EngineVersion;
        context.CaddyVersion = reading.CaddyVersion;
        status.Disk = reading.Disk is { } disk ? new NodeDisk { UsedPercent = disk.UsedPercent, SizeGiB = disk.SizeGiB } : null;
        return status.Disk is null
            ? StepResult.Continue(DiskPressure.NotMeasured, $"Caddy's image {context.Node.Spec.CaddyImage} has no df command")
            : StepResult.Continue(ReasonOf(reading.Level), $"{status.Disk.UsedPercent} % of {status.Disk.SizeGiB} GiB is used");
    }

    private static Reason ReasonOf(DiskLevel level) =>
        level switch
        {
            DiskLevel.Full => DiskPressure.Full,
            DiskLevel.Collecting => DiskPressure.CollectingImages,
            DiskLevel.Filling => DiskPressure.Filling,
            _ => DiskPressure.Sufficient,
        };
}
