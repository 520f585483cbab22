using Prometheus;

namespace Sam.Operator.Policy;

/// <summary>Shows whether the policy in the file is the one that holds.</summary>
internal sealed class PolicyMetrics(CollectorRegistry registry)
{
    private readonly Gauge _valid = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge(
            "sam_policy_valid",
            "1 if the platform policy in the file is the one that holds; 0 if the file was refused."
        );

    private readonly Gauge _rules = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("sam_policy_rules", "Rules of the platform policy that holds.");

    private readonly Counter _reads = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_policy_reads_total", "Platform policies that were read after a change.", "outcome");

    public void Loaded(int rules)
    {
        _valid.Set(1);
        _rules.Set(rules);
        _reads.WithLabels("loaded").Inc();
    }

    public void Refused()
    {
        _valid.Set(0);
        _reads.WithLabels("refused").Inc();
    }
}
