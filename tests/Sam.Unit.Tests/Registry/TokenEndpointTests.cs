using System.Text;
using Sam.Operator.Registry.Tokens;

namespace Sam.Unit.Tests.Registry;

/// <summary>The Distribution token protocol: who is not proved gets nothing, who is gets what roles allow and no more.</summary>
public sealed class TokenEndpointTests : IDisposable
{
    private const string Service = "service=registry.test:5000";
    private const string Anna = "system:serviceaccount:team:anna";
    private readonly RegistryRoom _room = new();

    public TokenEndpointTests()
    {
        _room.Reviews.Logins["annas-token"] = Anna;
        _room.Reviews.Allowed.UnionWith([$"{Anna} get team/app", $"{Anna} update team/app", $"{Anna} get team/tools/cli"]);
    }

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task A_login_without_a_scope_proves_who_it_is_and_allows_nothing()
    {
        var answer = await _room.GetAsync($"account=token&client_id=docker&offline_token=true&{Service}", "annas-token");

        Assert.Equal(200, answer.Code);
        Assert.Empty(answer.Access);
        Assert.Equal(answer.Token, answer.Body["access_token"]!.GetValue<string>());
        Assert.Equal("900 2026-11-25T03:00:00Z", $"{answer.Body["expires_in"]} {answer.Body["issued_at"]}");
        Assert.False(answer.Body.ContainsKey("refresh_token"));
        Assert.Equal("no-store", answer.Headers.CacheControl);
        Assert.Equal(Anna, JsonWebToken.Text(JsonWebToken.Peek(answer.Token)!, "sub"));
    }

    [Theory]
    [InlineData("repository:team/app:pull", "team/app: pull")]
    [InlineData("repository:team/app:push,pull", "team/app: pull,push")]
    [InlineData("repository:team/app:*", "team/app: pull,push")]
    [InlineData("repository:team/app:delete", "")]
    [InlineData("repository:team/tools/cli:pull,push", "team/tools/cli: pull")]
    [InlineData("repository:other/app:pull", "")]
    [InlineData("repository:team:pull", "")]
    [InlineData("repository(plugin):team/app:pull", "")]
    [InlineData("registry:catalog:*", "")]
    [InlineData("repository:team/app:pull&scope=repository:other/base:pull", "team/app: pull")]
    [InlineData("repository:team/app:pull&scope=repository:team/app:push", "team/app: pull,push")]
    [InlineData("repository:team/app:pull%20repository:team/tools/cli:pull", "team/app: pull|team/tools/cli: pull")]
    public async Task What_is_asked_and_not_allowed_is_left_out(string scope, string access)
    {
        var answer = await _room.GetAsync($"{Service}&scope={scope}", "annas-token");

        Assert.Equal(200, answer.Code);
        Assert.Equal(access, string.Join('|', answer.Access));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Without_a_login_or_with_a_wrong_one_there_is_a_challenge_and_no_token(string? password)
    {
        var answer = await _room.GetAsync($"{Service}&scope=repository:team/app:pull", password);

        Assert.Equal(401, answer.Code);
        Assert.StartsWith("Basic realm=", answer.Headers.WWWAuthenticate, StringComparison.Ordinal);
        Assert.Equal("UNAUTHORIZED", answer.Body["errors"]![0]!["code"]!.GetValue<string>());
        Assert.False(answer.Body.ContainsKey("token"));
    }

    [Theory]
    [InlineData("scope=repository:team/app:pull", "invalid_request")]
    [InlineData("service=elsewhere.test", "invalid_request")]
    [InlineData(Service + "&" + Service, "invalid_request")]
    [InlineData(Service + "&scope=nonsense", "invalid_scope")]
    [InlineData(Service + "&scope=repository:team/app:pull%20", "invalid_scope")]
    public async Task A_request_that_is_none_is_a_bad_one(string query, string error)
    {
        var answer = await _room.GetAsync(query, "annas-token");

        Assert.Equal((400, error), (answer.Code, answer.Body["error"]!.GetValue<string>()));
        Assert.Equal(0, _room.Reviews.TokenReviews);
    }

    [Theory]
    [InlineData("sam-other")]
    [InlineData()]
    public async Task A_token_that_the_server_does_not_confirm_for_this_audience_is_no_login(params string[] audiences)
    {
        _room.Reviews.Audiences = audiences;

        Assert.Equal(401, (await _room.GetAsync(Service, "annas-token")).Code);
    }

    [Theory]
    [InlineData("tokenreviews")]
    [InlineData("subjectaccessreviews")]
    public async Task When_nobody_can_tell_nobody_gets_in(string review)
    {
        _room.Reviews.Broken.Add(review);

        var answer = await _room.GetAsync($"{Service}&scope=repository:team/app:pull", "annas-token");

        Assert.Equal(503, answer.Code);
        Assert.False(answer.Body.ContainsKey("token"));
    }

    [Fact]
    public async Task No_token_outlives_the_login_that_it_was_got_with()
    {
        var exp = _room.Clock.GetUtcNow().AddMinutes(4).ToUnixTimeSeconds();
        var claims = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"exp":{{exp}}}""")).TrimEnd('=');
        _room.Reviews.Logins[$"head.{claims}.sign"] = Anna;

        var answer = await _room.GetAsync(Service, $"head.{claims}.sign");

        Assert.Equal(240, answer.Body["expires_in"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("grant_type=password&username=anna&password=annas-token")]
    [InlineData("grant_type=refresh_token&refresh_token=annas-token")]
    public async Task A_form_is_answered_as_OAuth2_wants_it(string grant)
    {
        var answer = await _room.PostAsync(
            $"{grant}&{Service}&client_id=docker&scope=repository:team/app:pull,delete&access_type=offline"
        );

        Assert.Equal(200, answer.Code);
        Assert.Equal("repository:team/app:pull", answer.Body["scope"]!.GetValue<string>());
        Assert.Equal(["team/app: pull"], answer.Access);
    }

    [Theory]
    [InlineData("grant_type=password&password=annas-token&" + Service, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=x&" + Service, "unsupported_grant_type")]
    [InlineData("grant_type=password&client_id=x&password=annas-token", "invalid_request")]
    public async Task A_form_that_is_none_is_a_bad_one(string form, string error)
    {
        var answer = await _room.PostAsync(form);

        Assert.Equal((400, error), (answer.Code, answer.Body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_eleventh_token_in_five_minutes_is_told_when_to_come_back()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await _room.GetAsync(Service, "annas-token")).Code);

        var answer = await _room.GetAsync(Service, "annas-token");

        Assert.Equal((429, "300"), (answer.Code, answer.Headers.RetryAfter.ToString()));
    }

    [Fact]
    public async Task An_address_that_only_guesses_costs_the_API_server_sixty_questions_and_no_more()
    {
        for (var i = 0; i < 100; i++)
            await _room.GetAsync(Service, $"guess-{i}");

        Assert.Equal(60, _room.Reviews.TokenReviews);
        _room.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, (await _room.GetAsync(Service, "annas-token")).Code);
    }

    [Fact]
    public async Task Every_mint_is_an_event_at_the_account_and_nothing_secret_is_logged()
    {
        var answer = await _room.GetAsync($"{Service}&scope=repository:team/app:pull", "annas-token");
        await _room.GetAsync(Service, "a-wrong-password");

        Assert.Equal(
            [
                "team/anna RegistryTokenMinted system:serviceaccount:team:anna at registry.test:5000: pull on team/app until 2026-11-25 03:15:00Z",
            ],
            _room.Events
        );
        var logs = string.Join('\n', _room.Logs.All);
        Assert.Contains("Refused a registry login", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("annas-token", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-password", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Token, logs, StringComparison.Ordinal);
    }
}
