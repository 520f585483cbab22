using Prometheus;

namespace Sam.Runtime.Leases;

/// <summary>Shows who leads, under the name client-go made standard; measured when somebody scrapes, as leadership ends by the clock alone.</summary>
internal static class LeaseMetrics
{
    /// <summary>Shows a lease.</summary>
    public static void Show(CollectorRegistry registry, string lease, ILeadership leadership)
    {
        var status = Metrics
            .WithCustomRegistry(registry)
            .CreateGauge(
                "leader_election_master_status",
                "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease.",
                "name"
            )
            .WithLabels(lease);
        registry.AddBeforeCollectCallback(() => status.Set(leadership.IsLeader ? 1 : 0));
    }
}
