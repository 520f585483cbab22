using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;

namespace Sam.Unit.Tests.Hetzner;

/// <summary>One token's requests are shared by every tool of the account: the last fifth is for deletes.</summary>
public sealed class BudgetKeeperTests
{
    private const int Limit = 100;
    private static readonly HetznerToken s_token = new("a-token-that-must-not-be-seen");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<string> _answered = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is left at the far end; refills evenly over an hour, as Hetzner's does.</summary>
    private double _left = Limit;
    private DateTimeOffset _leftAt = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reads_end_first_then_creates_and_deletes_go_on_to_the_last()
    {
        var hetzner = Client();

        var reads = await UntilRefusedAsync(() => hetzner.ProbeAsync(Cancellation));
        var creates = await UntilRefusedAsync(() => hetzner.PowerOnAsync(1, Cancellation));
        var deletes = await UntilRefusedAsync(() => hetzner.DeleteServerAsync(1, Cancellation));

        Assert.Equal((76, 4, 20), (reads, creates, deletes));
        Assert.DoesNotContain("429", _answered);
    }

    [Fact]
    public async Task A_crowd_that_meets_an_unknown_budget_waits_for_the_first_answer_and_is_never_answered_429()
    {
        _left = 30;
        var hetzner = Client();

        var calls = Enumerable
            .Range(0, 200)
            .Select(_ => Record.ExceptionAsync(() => hetzner.PowerOnAsync(1, Cancellation)).AsTask());
        var outcomes = await Task.WhenAll(calls);

        var alone = await UntilRefusedAsync(() => hetzner.PowerOnAsync(1, Cancellation));

        // Who asks while answers are on their way may be refused one too early, never let through one too many.
        Assert.Equal(10, alone + outcomes.Count(outcome => outcome is null));
        Assert.All(outcomes.OfType<HetznerException>(), refused => Assert.Equal(HetznerCodes.ClientBudget, refused.Code));
        Assert.DoesNotContain("429", _answered);
    }

    [Fact]
    public void An_answer_that_was_overtaken_gives_nothing_back()
    {
        var budget = new HetznerBudget();
        var now = _time.GetUtcNow();

        budget.Report(new HetznerBudget.Reading(Limit, 28, now, now + TimeSpan.FromMilliseconds(20)), sentAt: now);
        budget.Report(new HetznerBudget.Reading(Limit, 29, now, now + TimeSpan.FromMilliseconds(30)), sentAt: now);
        var overtaken = budget.Last!.Remaining;
        var next = now + TimeSpan.FromMinutes(1);
        budget.Report(new HetznerBudget.Reading(Limit, 29, next, next), sentAt: next);

        Assert.Equal((28, 29), (overtaken, budget.Last!.Remaining));
    }

    [Fact]
    public async Task Everybody_refused_is_told_a_moment_of_his_own()
    {
        _left = 21;
        var hetzner = Client();
        await hetzner.PowerOnAsync(1, Cancellation);

        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
            pauses.Add((await RefusedAsync(() => hetzner.PowerOnAsync(1, Cancellation))).RetryAfter!.Value);

        Assert.Equal(pauses.Distinct().Order(), pauses);
        _time.Advance(pauses[0]);
        await hetzner.PowerOnAsync(1, Cancellation);
    }

    [Fact]
    public async Task A_bare_429_pauses_every_call_of_the_token_deletes_too()
    {
        var bare = true;
        var hetzner = Client(() => bare);

        var first = await RefusedAsync(() => hetzner.ProbeAsync(Cancellation));
        bare = false;
        var second = await RefusedAsync(() => hetzner.DeleteServerAsync(1, Cancellation));
        _time.Advance(second.RetryAfter!.Value);
        await hetzner.DeleteServerAsync(1, Cancellation);

        Assert.Equal((HetznerCodes.RateLimitExceeded, HetznerCodes.ClientBudget), (first.Code, second.Code));
    }

    [Fact]
    public async Task A_first_call_that_dies_without_an_answer_lets_the_next_one_find_out()
    {
        var broken = true;
        var handler = new StubHandler(
            (_, _) => broken ? throw new HttpRequestException("no route") : Task.FromResult(Answer(false))
        );
        var hetzner = new HetznerClients(new HetznerOptions(), _time, handler: handler).For(s_token);

        await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(Cancellation));
        broken = false;
        await hetzner.ProbeAsync(Cancellation);

        Assert.Equal(Limit - 1, hetzner.Budget.Last!.Remaining);
    }

    private IHetzner Client(Func<bool>? bare = null) =>
        new HetznerClients(
            new HetznerOptions(),
            _time,
            handler: new StubHandler(
                async (_, _) =>
                {
                    await Task.Yield();
                    return Answer(bare?.Invoke() == true);
                }
            )
        ).For(s_token);

    private HttpResponseMessage Answer(bool bare)
    {
        var now = _time.GetUtcNow();
        lock (_answered)
        {
            (_left, _leftAt) = (Math.Min(Limit, _left + ((now - _leftAt).TotalHours * Limit)), now);
            var allowed = !bare && _left >= 1;
            _left -= allowed ? 1 : 0;
            _answered.Add(allowed || bare ? "ok" : "429");
            var response = new HttpResponseMessage(allowed ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests)
            {
                Content = new StringContent(
                    allowed
                        ? """{"action":{"id":1,"command":"start_server","status":"running","progress":0,"started":"2026-05-01T00:00:00Z","finished":null,"resources":[],"error":null},"locations":[],"server_types":[],"datacenters":[],"meta":{"pagination":{"page":1,"per_page":50,"previous_page":null,"next_page":null,"last_page":1,"total_entries":0}}}"""
                        : """{"error":{"code":"rate_limit_exceeded","message":"slow down"}}"""
                ),
            };
            if (!bare)
            {
                response.Headers.Add("RateLimit-Limit", Limit.ToString(CultureInfo.InvariantCulture));
                response.Headers.Add("RateLimit-Remaining", ((int)_left).ToString(CultureInfo.InvariantCulture));
                response.Headers.Add(
                    "RateLimit-Reset",
                    (now + TimeSpan.FromHours(1)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
                );
            }

            return response;
        }
    }

    private static async Task<int> UntilRefusedAsync(Func<Task> call)
    {
        for (var count = 0; ; count++)
        {
            if (await Record.ExceptionAsync(call) is HetznerException { Kind: HetznerErrorKind.RateLimited })
                return count;
        }
    }

    private static Task<HetznerException> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<HetznerException>(call);
}
