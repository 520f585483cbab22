using Sam.Operator.Clients.GitHub;
using Sam.Operator.Tokens;
using Sam.Rules.Policy;
using Sam.Runtime.Leases;
using Sam.Simulators.GitHub;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Tokens;

public sealed class TokenBrokerTests
{
    private const int Seed = 7;

    [Fact]
    public void A_token_reaches_what_was_asked_for_and_nothing_else() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");

                var token = await world.GrantedAsync(owner);

                var mint = Assert.Single(world.Mints());
                Assert.Equal([world.Shop.Id], mint.RepositoryIds);
                Assert.Equal("write", mint.Permissions["contents"]);
                Assert.Equal(mint.Token, token.Secret.Reveal());
                Assert.All(world.GitHub.Mints, minted => Assert.True(minted.IsExplicit, minted.ToString()));
            }
        );

    [Fact]
    public void Parallel_asks_of_one_scope_make_one_mint_and_other_scopes_or_owners_make_their_own() =>
        Live(
            async (sim, world) =>
            {
                var (one, other) = (world.PutProject("one"), world.PutProject("other"));
                var read = world.Grant(world.Shop) with { Permissions = new Dictionary<string, string> { ["issues"] = "write" } };

                var asked = Enumerable.Range(0, 10).Select(_ => world.GrantedAsync(one)).ToList();
                var tokens = await Task.WhenAll([.. asked, world.GrantedAsync(one, read), world.GrantedAsync(other)]);

                Assert.Equal(3, world.Mints().Count);
                Assert.Equal(3, tokens.Select(token => token.Secret.Fingerprint).Distinct().Count());
                Assert.Single(tokens.Take(10).Select(token => token.Secret.Fingerprint).Distinct());
            }
        );

    [Fact]
    public void A_token_is_renewed_at_half_of_its_life() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                var first = await world.GrantedAsync(owner);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(29));
                var same = await world.GrantedAsync(owner);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                var next = await world.GrantedAsync(owner);

                Assert.Equal(first.Secret.Fingerprint, same.Secret.Fingerprint);
                Assert.NotEqual(first.Secret.Fingerprint, next.Secret.Fingerprint);
            }
        );

    [Fact]
    public void A_token_that_GitHub_gives_a_shorter_life_is_renewed_at_half_of_that() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.MintShort) { Delay = TimeSpan.FromMinutes(10) });

                var token = await world.GrantedAsync(owner);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));
                var next = await world.GrantedAsync(owner);

                Assert.NotEqual(token.Secret.Fingerprint, next.Secret.Fingerprint);
                Assert.InRange(token.RenewAt - token.EndsAt, TimeSpan.FromMinutes(-5.1), TimeSpan.FromMinutes(-4.9));
            }
        );

    [Fact]
    public void A_token_that_may_live_shorter_than_GitHub_lets_it_is_revoked_then() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");

                var token = await world.GrantedAsync(owner, world.Grant(world.Shop) with { Lifetime = TimeSpan.FromMinutes(10) });
                await sim.AdvanceAsync(TimeSpan.FromMinutes(9));
                var before = world.Mints()[0].IsLiveAt(sim.Clock.GetUtcNow());
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(5));

                Assert.True(before);
                Assert.NotNull(world.Mints()[0].RevokedAt);
                Assert.InRange(token.EndsAt - sim.Clock.GetUtcNow(), TimeSpan.FromSeconds(-10), TimeSpan.Zero);
            }
        );

    [Fact]
    public void Several_Apps_mint_beside_each_other() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                var second = world.GitHub.Apps.Add("second", new SimulatedAppOptions { PrivateKeyPem = Keys.Pem });
                var site = world.GitHub.Repositories.Add("other", "site");
                world.GitHub.Install(second, site);

                await world.GrantedAsync(owner);
                await world.GrantedAsync(owner, world.Grant(site) with { App = GitHubAppKey.Read($"{second.Id}", Keys.Pem) });

                Assert.Equal([world.App.Id, second.Id], world.Mints().Select(mint => mint.AppId));
            }
        );

    [Fact]
    public void Nothing_is_minted_that_the_policy_forbids_and_what_was_minted_before_ends() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                await world.GrantedAsync(owner);

                world.Policy = new PlatformPolicy { AllowUnlisted = false };
                var refusal = await world.RefusedAsync(owner);

                Assert.Equal(TokenRefusal.PolicyForbids, refusal);
                Assert.Single(world.Mints());
                Assert.NotNull(world.Mints()[0].RevokedAt);
            }
        );

    [Fact]
    public void A_permission_that_the_account_did_not_grant_is_refused_without_a_mint() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                world.Installation.Grant(new Dictionary<string, string> { ["metadata"] = "read", ["contents"] = "read" });

                var refusal = await world.RefusedAsync(owner);
                world.Installation.Grant();
                await world.GrantedAsync(owner);

                Assert.Equal(TokenRefusal.PermissionNotGranted, refusal);
                Assert.Single(world.Mints());
            }
        );

    [Theory]
    [InlineData(GitHubFaults.MintWider)]
    [InlineData(GitHubFaults.MintMorePermissions)]
    [InlineData(GitHubFaults.MintExpired)]
    public void A_token_of_another_scope_than_asked_for_is_never_handed_out_and_ends(string fault) =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                world.GitHub.Faults.Play(new GitHubFault(fault) { Count = 1 });

                var thrown = await Assert.ThrowsAsync<GitHubException>(() => world.AskAsync(owner));
                await world.GrantedAsync(owner);

                Assert.Equal(GitHubErrorKind.Malformed, thrown.Kind);
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => !mint.IsExplicit || mint.RepositoryIds is null);
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Permissions.Count > 2);
            }
        );

    [Theory]
    [InlineData(GitHubFaults.LostAnswer)]
    [InlineData(GitHubFaults.LateServerError)]
    [InlineData(GitHubFaults.HalfBody)]
    [InlineData(GitHubFaults.MintWithoutToken)]
    public void A_mint_whose_answer_is_lost_is_counted_and_made_anew(string fault) =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                world.GitHub.Faults.Play(new GitHubFault(fault) { Count = 1, Method = "POST" });

                await Assert.ThrowsAsync<GitHubException>(() => world.AskAsync(owner));
                await world.GrantedAsync(owner);

                Assert.Equal(1, world.Metric("sam_tokens_lost_total"));
            }
        );

    [Fact]
    public void A_process_that_does_not_lead_neither_mints_nor_revokes() =>
        Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                await world.GrantedAsync(owner);
                world.Leadership.IsLeader = false;

                await Assert.ThrowsAsync<LeadershipLostException>(() => world.AskAsync(owner, world.Grant(world.Blog)));
                world.RemoveProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(30));

                Assert.Single(world.Mints());
                Assert.Null(world.Mints()[0].RevokedAt);
            }
        );

    internal static void Live(Func<Simulation, TokenWorld, Task> story, GitHubSimulatorOptions? github = null) =>
        Simulation.Run(
            Seed,
            async sim =>
            {
                var world = new TokenWorld(sim, github);
                await world.StartAsync();
                await story(sim, world);
            }
        );
}
