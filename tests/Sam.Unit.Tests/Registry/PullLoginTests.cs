using System.Text;
using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Logins;

namespace Sam.Unit.Tests.Registry;

/// <summary>A pull Secret's login is good for its time, its registry and its repositories, and ends with its entry.</summary>
public sealed class PullLoginTests : IDisposable
{
    private const string Query = "service=registry.test:5000&scope=repository:team/app:pull,push";
    private readonly RegistryRoom _room = new();
    private readonly Project _project = RegistryRoom.Thing("shop");

    public PullLoginTests()
    {
        _project.Spec.TokenSecrets =
        [
            new TokenSecretSpec
            {
                Name = "pull",
                Kind = TokenSecretKind.RegistryPullSecret,
                Registry = RegistryRoom.Host,
                Repositories = ["team/app", "team/web"],
            },
        ];
        _room.Projects.Add(_project);
    }

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task It_pulls_its_own_repositories_and_does_nothing_else()
    {
        var password = await PasswordAsync();

        Assert.Equal(["team/app: pull"], (await _room.GetAsync(Query, password)).Access);
        Assert.Empty((await _room.GetAsync("service=registry.test:5000&scope=repository:team/other:pull", password)).Access);
        Assert.Equal(0, _room.Reviews.TokenReviews);
    }

    [Fact]
    public async Task Its_document_is_a_docker_configuration_that_ends_and_is_renewed_at_half_life()
    {
        var made = await MadeAsync();

        var entry = JsonNode.Parse(made.DockerConfigJson)!["auths"]![RegistryRoom.Host]!;
        Assert.Equal(
            $"{entry["username"]}:{entry["password"]}",
            Encoding.UTF8.GetString(Convert.FromBase64String(entry["auth"]!.GetValue<string>()))
        );
        Assert.Equal(_room.Clock.GetUtcNow().AddHours(1), made.ExpiresAt);
        Assert.Equal(_room.Clock.GetUtcNow().AddMinutes(30), made.RenewAt);
        Assert.DoesNotContain("eyJ", made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_its_time_and_no_token_outlives_it()
    {
        var password = await PasswordAsync(TimeSpan.FromMinutes(20));
        _room.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(300, (await _room.GetAsync(Query, password)).Body["expires_in"]!.GetValue<long>());
        _room.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(401, (await _room.GetAsync(Query, password)).Code);
    }

    [Theory]
    [InlineData("the entry goes")]
    [InlineData("the entry becomes another kind")]
    [InlineData("the entry means another registry")]
    [InlineData("the Project goes")]
    [InlineData("the Project is going")]
    [InlineData("the Project is another one of the same name")]
    public async Task It_ends_when(string what)
    {
        var password = await PasswordAsync();
        Action change = what switch
        {
            "the entry goes" => () => _project.Spec.TokenSecrets = [],
            "the entry becomes another kind" => () => _project.Spec.TokenSecrets[0].Kind = TokenSecretKind.GitHubToken,
            "the entry means another registry" => () => _project.Spec.TokenSecrets[0].Registry = "elsewhere.test",
            "the Project goes" => _room.Projects.Clear,
            "the Project is going" => () => _project.Metadata.DeletionTimestamp = _room.Clock.GetUtcNow().UtcDateTime,
            _ => () => _project.Metadata.Uid = "another",
        };

        Assert.Equal(200, (await _room.GetAsync(Query, password)).Code);
        change();

        Assert.Equal(401, (await _room.GetAsync(Query, password)).Code);
    }

    [Fact]
    public async Task A_repository_that_leaves_the_entry_leaves_the_login()
    {
        var password = await PasswordAsync();

        _project.Spec.TokenSecrets[0].Repositories = ["team/web"];

        Assert.Empty((await _room.GetAsync(Query, password)).Access);
    }

    [Fact]
    public async Task It_is_of_no_use_at_another_registry()
    {
        var options = new RegistryOptions
        {
            Trusted = [new TrustedRegistry { Host = RegistryRoom.Host }, new TrustedRegistry { Host = "second.test" }],
            Endpoint = RegistryRoom.Default().Endpoint,
        };
        using var room = new RegistryRoom(options);
        room.Projects.Add(_project);
        var made = Assert.IsType<PullSecretOutcome.Made>(await room.Logins.MakeAsync(Request(), CancellationToken.None));

        Assert.Equal(403, (await room.GetAsync("service=second.test&scope=repository:team/app:pull", Password(made))).Code);
    }

    [Fact]
    public async Task A_registry_token_is_no_login_and_a_forged_login_is_none()
    {
        var token = await _room.MintedAsync(RegistryRoom.Grant());
        var password = await PasswordAsync();
        var parts = password.Split('.');
        var grown = JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(parts[1]))!;
        grown["repositories"]!.AsArray().Add("team/secret");
        var forged = $"{parts[0]}.{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(grown.ToJsonString())}.{parts[2]}";

        Assert.Equal(401, (await _room.GetAsync(Query, token.Reveal())).Code);
        Assert.Equal(401, (await _room.GetAsync(Query, forged)).Code);
        Assert.Equal(401, (await _room.GetAsync(Query, $"{parts[0]}.{parts[1]}.")).Code);
    }

    [Theory]
    [InlineData("elsewhere.test", "team/app", "does not trust SAM's key")]
    [InlineData(RegistryRoom.Host, "other/app", "outside of namespace team; there its repositories are team/NAME")]
    [InlineData(RegistryRoom.Host, "acme/shop", "outside of namespace team")]
    [InlineData(RegistryRoom.Host, null, "name what may be pulled, such as team/app")]
    public async Task What_cannot_be_had_is_refused_with_the_way_out(string host, string? repository, string why)
    {
        var request = Request() with { Host = host, Repositories = repository is null ? [] : [repository] };

        var refused = Assert.IsType<PullSecretOutcome.Refused>(await _room.Logins.MakeAsync(request, CancellationToken.None));

        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_survives_the_rotation_of_the_key_that_signed_it()
    {
        await _room.Keeper.KeepAsync(CancellationToken.None);
        await RotateAsync(TimeSpan.FromDays(30));
        _room.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        var password = await PasswordAsync();

        await RotateAsync(TimeSpan.FromMinutes(59));

        Assert.Equal(200, (await _room.GetAsync(Query, password)).Code);
    }

    private async Task RotateAsync(TimeSpan after)
    {
        _room.Clock.Advance(after);
        await _room.Keeper.KeepAsync(CancellationToken.None);
    }

    private PullSecretRequest Request(TimeSpan? lifetime = null) =>
        new(_project, "pull", RegistryRoom.Host, ["team/app", "team/web"], lifetime ?? TimeSpan.FromHours(1));

    private async Task<PullSecretOutcome.Made> MadeAsync(TimeSpan? lifetime = null) =>
        Assert.IsType<PullSecretOutcome.Made>(await _room.Logins.MakeAsync(Request(lifetime), CancellationToken.None));

    private async Task<string> PasswordAsync(TimeSpan? lifetime = null) => Password(await MadeAsync(lifetime));

    private static string Password(PullSecretOutcome.Made made) =>
        JsonNode.Parse(made.DockerConfigJson)!["auths"]![RegistryRoom.Host]!["password"]!.GetValue<string>();
}
