using Prometheus;
using Sam.Operator.Clients.Hetzner;

namespace Sam.Operator.Hosting;

/// <summary>Counts calls to the provider, and shows what is left of each token's budget.</summary>
internal sealed class HetznerMetrics(CollectorRegistry registry) : IHetznerCallObserver
{
    private readonly Counter _requests = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_hetzner_requests_total", "Finished calls to the Hetzner Cloud API.", "method", "route", "code");

    private readonly Gauge _remaining = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("sam_hetzner_budget_remaining", "Calls left in a token's budget, as the last answer said.", "token");

    public void Called(HetznerCall call) => _requests.WithLabels(call.Method, call.Route, call.Code).Inc();

    public void BudgetRead(string token, HetznerBudget.Reading reading) => _remaining.WithLabels(token).Set(reading.Remaining);
}
