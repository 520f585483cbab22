using Sam.Runtime;
using Sam.Runtime.Leases;

namespace Sam.Operator.Hosting;

/// <summary>How the operator wants its runtime.</summary>
internal static class RuntimeSettings
{
    /// <summary>Applies the operator's settings.</summary>
    public static void Apply(RuntimeOptions runtime, OperatorOptions options)
    {
        runtime.Name = "sam-operator";
        if (options.LeaderElection)
        {
            runtime.Lease = new LeaseOptions
            {
                Namespace = options.Namespace,
                Name = "sam-operator",
                Identity = $"{Environment.MachineName}-{Guid.NewGuid():N}",
            };
        }
    }
}
