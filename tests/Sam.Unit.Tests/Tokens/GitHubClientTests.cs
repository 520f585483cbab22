using System.Globalization;
using System.Text.Json;
using Sam.Operator.Clients.GitHub;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;

namespace Sam.Unit.Tests.Tokens;

public sealed class GitHubClientTests : IDisposable
{
    private static readonly GitHubTokenScope s_scope = GitHubTokenScope.For(
        [7],
        new Dictionary<string, string> { ["contents"] = "read" }
    );
    private readonly StubGitHub _github = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public void Dispose() => _github.Dispose();

    [Fact]
    public async Task A_secondary_limit_stops_all_calls_of_that_installation_until_it_says_and_no_other()
    {
        using var client = _github.Client();
        _github.Next = _ =>
            StubGitHub.Answer(403, """{"message":"You have exceeded a secondary rate limit."}""", ("Retry-After", "90"));
        var (one, same, other) = (Token(1), Token(1), Token(2));

        var limited = await Assert.ThrowsAsync<GitHubException>(() => client.With(one).FindRepositoryAsync(7, _token));
        var refused = await Assert.ThrowsAsync<GitHubException>(() => client.With(same).RevokeAsync(_token));
        var callsSoFar = _github.Calls.Count;
        _github.Next = _ => StubGitHub.Answer(204, "");
        await client.With(other).RevokeAsync(_token);
        _github.Time.Advance(TimeSpan.FromSeconds(91));
        await client.With(same).RevokeAsync(_token);

        Assert.Equal((GitHubErrorKind.SecondaryRateLimited, TimeSpan.FromSeconds(90)), (limited.Kind, limited.RetryAfter!.Value));
        Assert.Equal((GitHubErrorKind.SecondaryRateLimited, 1), (refused.Kind, callsSoFar));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task A_limit_that_does_not_say_for_how_long_is_given_a_minute_and_longer_each_time()
    {
        using var client = _github.Client();
        _github.Next = _ => StubGitHub.Answer(429, "{}");
        var waits = new List<double>();

        for (var i = 0; i < 4; i++)
        {
            var fault = await Assert.ThrowsAsync<GitHubException>(() => client.With(Token(1)).FindRepositoryAsync(7, _token));
            waits.Add(fault.RetryAfter!.Value.TotalMinutes);
            _github.Time.Advance(fault.RetryAfter.Value);
        }

        Assert.Equal([1.0, 2.0, 4.0, 8.0], waits);
    }

    [Fact]
    public async Task A_spent_hour_is_waited_for_and_the_last_calls_are_kept_for_revocations()
    {
        using var client = _github.Client();
        var reset = _github.Time.GetUtcNow().AddMinutes(20).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _github.Next = _ =>
            StubGitHub.Answer(
                404,
                "{}",
                ("x-ratelimit-limit", "5000"),
                ("x-ratelimit-remaining", "80"),
                ("x-ratelimit-reset", reset)
            );

        await client.With(Token(1)).FindRepositoryAsync(7, _token);
        var read = await Assert.ThrowsAsync<GitHubException>(() => client.With(Token(1)).FindRepositoryAsync(7, _token));
        _github.Next = _ => StubGitHub.Answer(204, "");
        await client.With(Token(1)).RevokeAsync(_token);

        Assert.Equal((GitHubErrorKind.RateLimited, ErrorCategory.RateLimited), (read.Kind, read.Category));
        Assert.InRange(read.RetryAfter!.Value, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21));
    }

    [Fact]
    public async Task A_clock_that_is_wrong_costs_one_call_and_no_more()
    {
        using var client = _github.Client();
        _github.Ahead = TimeSpan.FromMinutes(-20);
        _github.Next = request =>
        {
            var payload = Payload(request);
            var now = _github.Theirs.ToUnixTimeSeconds();
            var isGood = payload.GetProperty("iat").GetInt64() <= now && payload.GetProperty("exp").GetInt64() <= now + 600;
            return isGood
                ? StubGitHub.Answer(200, """{"id":1,"slug":"sam"}""")
                : StubGitHub.Answer(401, """{"message":"'Issued at' claim"}""");
        };

        await client.For(StubGitHub.Key()).ReadAsync(_token);
        await client.For(StubGitHub.Key()).ReadAsync(_token);

        Assert.Equal(3, _github.Calls.Count);
    }

    [Fact]
    public async Task A_token_lives_as_long_as_GitHub_says_by_its_own_clock()
    {
        using var client = _github.Client();
        _github.Ahead = TimeSpan.FromMinutes(20);
        _github.Next = _ => Mint(_github.Theirs.AddMinutes(10));

        var token = await client.For(StubGitHub.Key()).MintAsync(1, s_scope, _token);

        Assert.InRange(token.Lifetime, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_mint_names_ids_and_permissions_and_takes_a_token_of_four_KiB_as_it_is()
    {
        using var client = _github.Client();
        var body = "";
        _github.Next = request =>
        {
            body = request.Content!.ReadAsStringAsync(_token).Result;
            return Mint(_github.Theirs.AddHours(1), new string('t', 4096));
        };

        var token = await client.For(StubGitHub.Key()).MintAsync(1, s_scope, _token);

        Assert.Equal("""{"repository_ids":[7],"permissions":{"contents":"read"}}""", body);
        Assert.Equal(4096, token.Reveal().Length);
    }

    [Theory]
    [InlineData(401, "Bad credentials", GitHubErrorKind.AppKeyInvalid)]
    [InlineData(404, "Integration not found", GitHubErrorKind.AppKeyInvalid)]
    [InlineData(404, "Not Found", GitHubErrorKind.NotFound)]
    [InlineData(403, "This installation has been suspended", GitHubErrorKind.Suspended)]
    [InlineData(403, "Resource not accessible by integration", GitHubErrorKind.Forbidden)]
    [InlineData(403, "You have triggered an abuse detection mechanism", GitHubErrorKind.SecondaryRateLimited)]
    [InlineData(422, "Validation Failed", GitHubErrorKind.Validation)]
    [InlineData(502, "Server Error", GitHubErrorKind.Transient)]
    [InlineData(418, "I'm a teapot", GitHubErrorKind.Unknown)]
    public async Task An_answer_is_typed_by_its_status_and_headers_first(int status, string message, GitHubErrorKind kind)
    {
        using var client = _github.Client();
        _github.Next = _ => StubGitHub.Answer(status, JsonSerializer.Serialize(new { message }));

        var fault = await Assert.ThrowsAsync<GitHubException>(() => client.For(StubGitHub.Key()).MintAsync(1, s_scope, _token));

        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public async Task An_answer_that_repeats_the_credential_does_not_get_it_into_a_message()
    {
        using var client = _github.Client();
        _github.Next = request =>
            StubGitHub.Answer(
                400,
                JsonSerializer.Serialize(new { message = $"cannot read {request.Headers.Authorization!.Parameter}" })
            );

        var fault = await Assert.ThrowsAsync<GitHubException>(() => client.With(Token(1)).FindRepositoryAsync(7, _token));

        Assert.DoesNotContain("secret-token", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_an_outage_one_call_at_a_time_finds_out_whether_it_is_over()
    {
        using var client = _github.Client();
        _github.Next = _ => StubGitHub.Answer(503, "{}");

        for (var second = 0; second < 1800; second++)
        {
            for (var asker = 0; asker < 10; asker++)
                await Assert.ThrowsAsync<GitHubException>(() => client.With(Token(asker)).FindRepositoryAsync(7, _token));
            _github.Time.Advance(TimeSpan.FromSeconds(1));
        }
        var asked = _github.Calls.Count;
        _github.Next = _ => StubGitHub.Answer(204, "");
        _github.Time.Advance(TimeSpan.FromMinutes(1));
        await client.With(Token(1)).RevokeAsync(_token);
        await client.With(Token(2)).RevokeAsync(_token);

        Assert.InRange(asked, 10, 60);
    }

    [Fact]
    public async Task Nothing_is_minted_or_revoked_without_leadership()
    {
        using var client = _github.Client();
        _github.Leadership.IsLeader = false;

        await Assert.ThrowsAsync<LeadershipLostException>(() => client.For(StubGitHub.Key()).MintAsync(1, s_scope, _token));
        await Assert.ThrowsAsync<LeadershipLostException>(() => client.With(Token(1)).RevokeAsync(_token));

        Assert.Empty(_github.Calls);
    }

    [Fact]
    public async Task A_name_cannot_become_another_path()
    {
        using var client = _github.Client();
        _github.Next = _ => StubGitHub.Answer(404, "{}");

        await client.With(Token(1)).FindRepositoryAsync("acme", "a/../b?c", _token);

        Assert.Equal(["GET /repos/acme/a%2F..%2Fb%3Fc"], _github.Calls);
        await Assert.ThrowsAsync<ArgumentException>(() => client.With(Token(1)).FindRepositoryAsync("acme", "..", _token));
    }

    [Fact]
    public void A_scope_without_repositories_or_permissions_cannot_be_written()
    {
        Assert.Throws<ArgumentException>(() => GitHubTokenScope.For([], s_scope.Permissions));
        Assert.Throws<ArgumentException>(() => GitHubTokenScope.For([1], new Dictionary<string, string>()));
        Assert.Equal(s_scope, GitHubTokenScope.For([7, 7], new Dictionary<string, string> { ["contents"] = "read" }));
    }

    private static InstallationToken Token(long installation) => new("secret-token", "1", installation, DateTimeOffset.UnixEpoch);

    private static HttpResponseMessage Mint(DateTimeOffset expiresAt, string token = "ghs_minted") =>
        StubGitHub.Answer(
            201,
            $$"""
            {"token":"{{token}}","expires_at":"{{expiresAt.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}}","permissions":{"contents":"read","metadata":"read"},
            "repository_selection":"selected","repositories":[{"id":7,"full_name":"acme/shop","private":true}]}
            """
        );

    private static JsonElement Payload(HttpRequestMessage request) =>
        JsonDocument
            .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(request.Headers.Authorization!.Parameter!.Split('.')[1]))
            .RootElement;
}
