using Prometheus;
using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>Counts calls to GitHub, and what became of tokens.</summary>
internal sealed class TokenMetrics(CollectorRegistry registry) : IGitHubCallObserver
{
    private readonly Counter _calls = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_github_calls_total", "Finished calls to GitHub.", "method", "route", "code");

    private readonly Gauge _remaining = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("sam_github_budget_remaining", "Calls left this hour, as the last answer said.", "budget");

    private readonly Counter _minted = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_tokens_minted_total", "GitHub tokens that were minted and journaled.", "owner_kind");

    private readonly Counter _refused = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_tokens_refused_total", "Asks for a GitHub token that were refused.", "reason");

    private readonly Counter _revoked = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "sam_tokens_revoked_total",
            "GitHub tokens that were ended: revoked, found dead, expired before it could be done.",
            "outcome"
        );

    private readonly Counter _lost = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "sam_tokens_lost_total",
            "Mints whose answer was lost: a token that nobody knows may live for an hour; another one is minted."
        );

    private readonly Counter _revokeFailed = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_token_revocations_failed_total", "Revocations that failed and are tried again.");

    private readonly Gauge _live = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("sam_tokens_live", "GitHub tokens in the journals that this process has read.");

    public void Called(GitHubCall call) => _calls.WithLabels(call.Method, call.Route, call.Code).Inc();

    public void BudgetRead(string budget, int remaining) => _remaining.WithLabels(budget).Set(remaining);

    public void Minted(string ownerKind) => _minted.WithLabels(ownerKind).Inc();

    public void Refused(TokenRefusal reason) => _refused.WithLabels(reason.ToString()).Inc();

    public void Ended(string outcome) => _revoked.WithLabels(outcome).Inc();

    public void Lost() => _lost.Inc();

    public void RevokeFailed() => _revokeFailed.Inc();

    public void Live(int change) => _live.Inc(change);
}
