using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;

namespace Sam.Unit.Tests.Hetzner;

public sealed class HetznerFailureTests
{
    private static readonly HetznerToken s_token = new("a-token-that-must-not-be-seen");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(412, "resource_unavailable", HetznerErrorKind.Capacity)]
    [InlineData(403, "resource_limit_exceeded", HetznerErrorKind.Quota)]
    [InlineData(403, "server_limit_exceeded", HetznerErrorKind.Quota)]
    [InlineData(403, "forbidden", HetznerErrorKind.Unauthorized)]
    [InlineData(403, "maintenance", HetznerErrorKind.Transient)]
    [InlineData(401, "unauthorized", HetznerErrorKind.Unauthorized)]
    [InlineData(401, "token_readonly", HetznerErrorKind.Unauthorized)]
    [InlineData(409, "uniqueness_error", HetznerErrorKind.Invalid)]
    [InlineData(409, "conflict", HetznerErrorKind.Conflict)]
    [InlineData(400, "json_error", HetznerErrorKind.Invalid)]
    [InlineData(405, "method_not_allowed", HetznerErrorKind.Invalid)]
    [InlineData(410, "deprecated_api_endpoint", HetznerErrorKind.Invalid)]
    [InlineData(412, "primary_ip_version_mismatch", HetznerErrorKind.Invalid)]
    [InlineData(422, "invalid_input", HetznerErrorKind.Invalid)]
    [InlineData(422, "placement_error", HetznerErrorKind.Invalid)]
    [InlineData(422, "unsupported_error", HetznerErrorKind.Invalid)]
    [InlineData(422, "service_error", HetznerErrorKind.Transient)]
    [InlineData(423, "locked", HetznerErrorKind.Conflict)]
    [InlineData(423, "protected", HetznerErrorKind.Conflict)]
    [InlineData(429, "rate_limit_exceeded", HetznerErrorKind.RateLimited)]
    [InlineData(500, "server_error", HetznerErrorKind.Transient)]
    [InlineData(503, "unavailable", HetznerErrorKind.Transient)]
    [InlineData(504, "timeout", HetznerErrorKind.Transient)]
    // The code wins over a status that says something else; an unknown code leaves it to the status.
    [InlineData(400, "rate_limit_exceeded", HetznerErrorKind.RateLimited)]
    [InlineData(429, "brand_new_code", HetznerErrorKind.RateLimited)]
    [InlineData(418, "brand_new_code", HetznerErrorKind.Unknown)]
    public async Task Types_a_failure_by_its_code_and_then_by_its_status(int status, string code, HetznerErrorKind kind)
    {
        var hetzner = Client(
            StubHandler.Answering(status, $$$"""{"error":{"code":"{{{code}}}","message":"why","details":null}}""")
        );

        var failure = await Assert.ThrowsAsync<HetznerException>(() =>
            hetzner.ListLocationsAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal((kind, code, status), (failure.Kind, failure.Code, failure.Status));
    }

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>", HetznerErrorKind.Transient)]
    [InlineData(500, "", HetznerErrorKind.Transient)]
    [InlineData(403, "[]", HetznerErrorKind.Unauthorized)]
    [InlineData(429, "{\"error\":\"slow down\"}", HetznerErrorKind.RateLimited)]
    public async Task Types_an_error_without_the_documented_body_by_its_status(int status, string body, HetznerErrorKind kind)
    {
        var hetzner = Client(StubHandler.Answering(status, body));

        var failure = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(TestContext.Current.CancellationToken));

        Assert.Equal((kind, HetznerCodes.ClientNoErrorBody), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task Keeps_the_code_when_the_details_have_another_shape()
    {
        var hetzner = Client(
            StubHandler.Answering(422, """{"error":{"code":"invalid_input","message":"m","details":{"fields":7}}}""")
        );

        var failure = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HetznerCodes.InvalidInput, failure.Code);
    }

    [Fact]
    public async Task Takes_an_unsupported_location_for_missing_capacity()
    {
        const string Body =
            """{"error":{"code":"invalid_input","message":"unsupported location for server type","details":null}}""";
        var hetzner = Client(StubHandler.Answering(422, Body));

        var outcome = await hetzner.CreateServerAsync(Request(), TestContext.Current.CancellationToken);

        Assert.IsType<CreateOutcome.NoCapacity>(outcome);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"locations\":\"none\"}")]
    [InlineData("{\"locations\":[{\"id\":1}],\"meta\":{\"pagination\":{\"page\":1}}}")]
    [InlineData("{\"locations\":null,\"meta\":{\"pagination\":{\"page\":1,\"next_page\":null}}}")]
    public async Task Calls_an_answer_of_another_shape_by_its_name(string body)
    {
        var hetzner = Client(StubHandler.Answering(200, body));

        var failure = await Assert.ThrowsAsync<HetznerException>(() =>
            hetzner.ListLocationsAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal((HetznerErrorKind.Unknown, HetznerCodes.ClientWrongShape), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task Tells_its_own_timeout_from_the_callers_cancellation()
    {
        var silent = new StubHandler(
            async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("never");
            }
        );
        using var leaving = new CancellationTokenSource();

        var timed = Client(silent).CreateServerAsync(Request(), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(31));
        var failure = await Assert.ThrowsAsync<HetznerException>(() => timed);
        var cancelled = Client(silent).CreateServerAsync(Request(), leaving.Token);
        await leaving.CancelAsync();

        Assert.Equal((HetznerErrorKind.Transient, HetznerCodes.ClientTimeout), (failure.Kind, failure.Code));
        Assert.True(failure.MayHaveTakenEffect);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
    }

    [Fact]
    public async Task Says_when_the_budget_allows_the_next_call()
    {
        var hetzner = Client(
            StubHandler.Answering(
                429,
                """{"error":{"code":"rate_limit_exceeded","message":"limit","details":null}}""",
                ("RateLimit-Limit", "3600"),
                ("RateLimit-Remaining", "0"),
                ("RateLimit-Reset", "1777597200")
            )
        );

        var failure = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), failure.RetryAt);
        Assert.Equal((3600, 0), (hetzner.Budget.Last!.Limit, hetzner.Budget.Last.Remaining));
    }

    [Fact]
    public async Task Bounds_what_it_keeps_of_an_error()
    {
        var hetzner = Client(StubHandler.Answering(500, new string('x', 1_000_000)));

        var failure = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(TestContext.Current.CancellationToken));

        Assert.True(failure.Message.Length < 1000, $"{failure.Message.Length} characters");
    }

    [Fact]
    public async Task Stops_at_a_page_that_repeats()
    {
        var handler = StubHandler.Answering(200, """{"servers":[],"meta":{"pagination":{"page":1,"next_page":1}}}""");

        var failure = await Assert.ThrowsAsync<HetznerException>(() =>
            Client(handler).ListServersAsync("a=b", TestContext.Current.CancellationToken)
        );

        Assert.Equal(HetznerCodes.ClientPaging, failure.Code);
        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task Refuses_user_data_above_32_KiB_without_a_call()
    {
        var handler = StubHandler.Answering(500, "");

        var outcome = await Client(handler)
            .CreateServerAsync(
                Request() with
                {
                    UserData = new string('x', 32 * 1024 + 1),
                },
                TestContext.Current.CancellationToken
            );

        Assert.Equal("user_data", Assert.IsType<CreateOutcome.Rejected>(outcome).Path);
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public void Shows_neither_the_token_nor_the_user_data()
    {
        var text = $"{s_token} {Request() with { UserData = "PRIVATE KEY" }}";

        Assert.DoesNotContain("must-not-be-seen", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new HetznerToken("two words"));
        Assert.Equal(s_token, new HetznerToken("a-token-that-must-not-be-seen\n"));
    }

    [Fact]
    public async Task Tells_how_long_to_wait_when_the_answer_says_when()
    {
        var handler = StubHandler.Answering(
            429,
            """{"error":{"code":"rate_limit_exceeded","message":"slow down"}}""",
            ("Retry-After", "7")
        );

        var fault = await Assert.ThrowsAsync<HetznerException>(() =>
            Client(handler).ListServersAsync("a=b", TestContext.Current.CancellationToken)
        );

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(7), fault.RetryAt);
        Assert.Equal(TimeSpan.FromSeconds(7), fault.RetryAfter);
    }

    private IHetzner Client(StubHandler handler) =>
        new HetznerClients(new HetznerOptions(), _time, observer: null, handler).For(s_token);

    private static CreateServerRequest Request() =>
        new()
        {
            Name = "sam-1",
            ServerType = "cx23",
            Location = "fsn1",
            Image = "docker-ce",
            Labels = new Dictionary<string, string>(),
        };
}
