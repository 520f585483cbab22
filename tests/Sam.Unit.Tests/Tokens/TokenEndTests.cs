using Sam.Operator.Tokens;
using Sam.Runtime.Transport;
using Sam.Simulators.GitHub;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Tokens;

public sealed class TokenEndTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    [Fact]
    public void Every_token_ends_within_five_seconds_of_its_owner() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var (gone, stays) = (world.PutProject("gone"), world.PutProject("stays"));
                await world.GrantedAsync(gone);
                await world.GrantedAsync(gone, world.Grant(world.Blog));
                await world.GrantedAsync(stays);

                world.RemoveProject("gone");
                await sim.AdvanceAsync(s_soon);

                Assert.Equal(2, world.Mints().Count(mint => mint.RevokedAt is not null));
                Assert.Equal([TokenJournal.NameOf(stays.Uid)], world.JournalNames());
                Assert.Equal(TokenRefusal.OwnerEnded, await world.RefusedAsync(gone));
            }
        );

    [Fact]
    public void Another_object_of_the_same_name_is_another_owner() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var first = world.PutProject("shop", "uid-1");
                await world.GrantedAsync(first);

                world.RemoveProject("shop");
                var second = world.PutProject("shop", "uid-2");
                await sim.AdvanceAsync(s_soon);
                await world.GrantedAsync(second);

                Assert.NotNull(world.Mints()[0].RevokedAt);
                Assert.Null(world.Mints()[1].RevokedAt);
            }
        );

    [Theory, Seeds(20)]
    public void Killed_at_any_moment_of_a_mint_the_next_operator_ends_what_the_journal_knows(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new TokenWorld(sim);
                world.Cluster.Latency = () => TimeSpan.FromMilliseconds(sim.Random.Next(1, 100));
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.Slow) { Delay = TimeSpan.FromMilliseconds(100) });
                await world.StartAsync();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
                var owner = world.PutProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(1));

                _ = world.AskAsync(owner);
                await sim.AdvanceAsync(TimeSpan.FromMilliseconds(sim.Random.Next(0, 1500)));
                world.Kill();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(1));
                world.RemoveProject("shop");
                var journaled = Known(world);
                await world.StartAsync();
                await sim.AdvanceAsync(s_soon);

                var live = world.GitHub.LiveTokens().Select(mint => mint.Token).ToHashSet();
                Assert.Empty(journaled.Intersect(live));
                Assert.Empty(world.JournalNames());
                // One call is on its way at a time: at most one token whose answer nobody heard.
                Assert.True(live.Count <= 1, $"{live.Count} live");
            }
        );

    [Fact]
    public void An_operator_that_starts_again_hands_out_what_the_journal_knows() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                var before = await world.GrantedAsync(owner);
                world.Kill();
                await world.StartAsync();

                var after = await world.GrantedAsync(owner);

                Assert.Equal(before.Secret.Fingerprint, after.Secret.Fingerprint);
                Assert.Single(world.Mints());
            }
        );

    [Fact]
    public void A_token_that_is_dead_already_ends_well() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                var token = await world.GrantedAsync(owner);
                world.GitHub.Revoke(token.Secret.Reveal());

                world.RemoveProject("shop");
                await sim.AdvanceAsync(s_soon);

                Assert.Empty(world.JournalNames());
                Assert.Equal(1, world.Metric("sam_tokens_revoked_total", ("outcome", "already_dead")));
            }
        );

    [Fact]
    public void A_revocation_is_tried_again_for_as_long_as_GitHub_is_away() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                await world.GrantedAsync(owner);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.RemoveProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(30));
                var calls = world.GitHub.Calls.Count;
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.Empty(world.GitHub.LiveTokens());
                Assert.Empty(world.JournalNames());
                Assert.InRange(calls, 10, 60);
            }
        );

    [Fact]
    public void A_token_that_died_of_age_while_GitHub_was_away_holds_nothing_up() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                await world.GrantedAsync(owner);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.RemoveProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(66));

                Assert.Empty(world.JournalNames());
            }
        );

    [Fact]
    public void An_owner_that_ends_while_its_token_is_minted_gets_none() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                await sim.IdleAsync();
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.Slow) { Delay = TimeSpan.FromSeconds(2) });

                var asked = world.AskAsync(owner);
                await sim.AdvanceAsync(TimeSpan.FromSeconds(7));
                world.RemoveProject("shop");
                var answer = await asked;
                await sim.AdvanceAsync(TimeSpan.FromSeconds(10));

                Assert.Equal(TokenRefusal.OwnerEnded, Assert.IsType<GrantAnswer.Refused>(answer).Reason);
                Assert.Empty(world.GitHub.LiveTokens());
                Assert.Empty(world.JournalNames());
            }
        );

    [Fact]
    public void A_token_that_cannot_be_journaled_is_not_handed_out_and_ends() =>
        TokenBrokerTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutProject("shop");
                world.Cluster.Fault = request =>
                    request.Method != HttpMethod.Get && request.Path.Contains("/secrets", StringComparison.Ordinal)
                        ? MemoryCluster.Refuse(503, "ServiceUnavailable")
                        : null;

                await Assert.ThrowsAsync<KubernetesApiException>(() => world.AskAsync(owner));

                Assert.NotEmpty(world.GitHub.Mints);
                Assert.Empty(world.GitHub.LiveTokens());
            }
        );

    private static HashSet<string> Known(TokenWorld world)
    {
        var lines =
            from secret in world.Cluster.All($"/api/v1/namespaces/{TokenWorld.System}/secrets")
            from line in secret["data"]?.AsObject() ?? []
            let entry = JournalEntry.Read(Convert.FromBase64String(line.Value!.GetValue<string>()))
            where entry is not null
            select entry.Secret.Reveal();
        return [.. lines];
    }
}
