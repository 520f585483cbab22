using System.Text;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Projects;
using Sam.Operator.Controllers.Projects.TokenSecrets;
using Sam.Operator.Registry;

namespace Sam.Unit.Tests.Registry;

public sealed class GitHubPackagesLoginsTests : ITokenSecretSource
{
    private readonly TokenSecretSpec _entry = new()
    {
        Name = "pull",
        Kind = TokenSecretKind.RegistryPullSecret,
        Registry = "ghcr.io",
        Repositories = ["acme/shop"],
    };

    private TokenSecretSpec? _asked;
    private TokenSecretOutcome _answer = new TokenSecretOutcome.Unchanged();

    TokenSecretKind ITokenSecretSource.Kind => TokenSecretKind.GitHubToken;

    string ITokenSecretSource.SecretType => "Opaque";

    [Fact]
    public void It_is_off_unless_the_operator_names_the_host_exactly()
    {
        Assert.False(new GitHubPackagesLogins(this, new RegistryOptions()).Serves(_entry));
        Assert.False(new GitHubPackagesLogins(this, new RegistryOptions { GitHubPackages = "docker.pkg.test" }).Serves(_entry));
        Assert.True(new GitHubPackagesLogins(this, new RegistryOptions { GitHubPackages = "ghcr.io" }).Serves(_entry));
    }

    [Fact]
    public async Task A_token_that_may_only_read_packages_becomes_a_login_for_that_host()
    {
        _answer = new TokenSecretOutcome.Fresh(
            new Dictionary<string, byte[]> { ["token"] = "ghs_x"u8.ToArray(), ["expiresAt"] = [] },
            "print",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch
        );

        var fresh = Assert.IsType<TokenSecretOutcome.Fresh>(await AskAsync());

        Assert.Equal("packages: read", string.Join(',', _asked!.Permissions!.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.Equal(["acme/shop"], _asked.Repositories);
        Assert.Equal(
            """{"auths":{"ghcr.io":{"username":"x-access-token","password":"ghs_x","auth":"eC1hY2Nlc3MtdG9rZW46Z2hzX3g="}}}""",
            Encoding.UTF8.GetString(Assert.Single(fresh.Data, pair => pair.Key == ".dockerconfigjson").Value)
        );
        Assert.DoesNotContain("ghs_x", fresh.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_handed_on()
    {
        _answer = new TokenSecretOutcome.Refused(TokenSecretFault.PolicyForbids, "PolicyForbids", "no");

        Assert.Same(_answer, await AskAsync());
    }

    Task<TokenSecretOutcome> ITokenSecretSource.GetAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        bool isIntact,
        CancellationToken cancellationToken
    )
    {
        _asked = entry;
        return Task.FromResult(_answer);
    }

    Task ITokenSecretSource.EndOthersAsync(
        ProjectContext context,
        string entry,
        TokenSecretOutcome.Fresh kept,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    private Task<TokenSecretOutcome> AskAsync() =>
        new GitHubPackagesLogins(this, new RegistryOptions { GitHubPackages = "ghcr.io" }).GetAsync(
            null!, // handed on, never looked into
            _entry,
            isIntact: false,
            CancellationToken.None
        );
}
