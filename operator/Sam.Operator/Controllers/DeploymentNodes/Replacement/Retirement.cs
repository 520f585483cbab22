using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Operator.Controllers.DeploymentNodes.Hosts;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Gives the old Machine back; what outlives its server goes to the one that took its place.</summary>
[Rbac<Machine>("get", "patch", "delete")]
internal sealed class Retirement(IResourceClient<Machine> machines, HostReadings readings, CertificateReadings certificates)
{
    /// <summary>Null once it is gone; else what is left.</summary>
    public async Task<string?> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (home, replacement) = (context.Node.Metadata.NamespaceProperty, context.Node.Status.Replacement!);
        // Past the cache: only the server can say that it is gone.
        var old = await machines.GetAsync(home, replacement.MachineRef.Name, cancellationToken);
        if (old is null || old.Spec.MachineId != replacement.MachineId)
        {
            readings.Forget(replacement.MachineId);
            certificates.Forget(replacement.MachineId);
            return null;
        }

        await NameHeirAsync(context, old, cancellationToken);
        if (old.Metadata.DeletionTimestamp is null)
            await machines.DeleteAsync(home, old.Metadata.Name, old.Metadata.Uid, cancellationToken);
        return $"the old Machine {old.Metadata.Name} is being deleted";
    }

    /// <summary>
    /// From the moment on in which the other one is the node's: whoever deletes the old Machine, what outlives its server is handed over. Retain is a wish about the
    /// node's end, not about a VM that is replaced.
    /// </summary>
    public async Task NameHeirAsync(DeploymentNodeContext context, Machine? old, CancellationToken cancellationToken)
    {
        var (heir, address) = (context.Node.Status.MachineId!, context.Node.Spec.Address);
        var isNamed =
            old?.Spec is { DeletionPolicy: DeletionPolicy.Delete } spec && spec.HandOverTo == heir && spec.Address == address;
        if (old is null || isNamed)
            return;
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["deletionPolicy"] = nameof(DeletionPolicy.Delete),
                ["handOverTo"] = heir,
                ["address"] = $"{address}",
            },
        };
        await machines.MergePatchAsync(
            old.Metadata.NamespaceProperty,
            old.Metadata.Name,
            patch.ToJsonString(),
            null,
            cancellationToken
        );
    }
}
