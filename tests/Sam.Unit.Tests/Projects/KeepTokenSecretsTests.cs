using static Sam.Crds.V1Alpha1.ProjectConditions;
using static Sam.Unit.Tests.Projects.TokenSecretEntries;

namespace Sam.Unit.Tests.Projects;

/// <summary>A token Secret holds a live token of exactly the scope that its entry asks for, as long as the entry is there.</summary>
public sealed class KeepTokenSecretsTests
{
    [Fact]
    public void A_token_Secret_holds_a_token_of_exactly_what_the_entry_asks_for() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(Moment);

                var secret = world.Secret("deploy")!;
                var mint = world.GitHub.Mints.Single(one => one.Token == Text(secret, "token"));
                var shown = world.Project("shop")!.Status.TokenSecrets.Single();
                world.Shows("shop", TokenSecretsFresh.Fresh);
                Assert.Equal([world.Shop.Id], mint.AskedRepositoryIds);
                Assert.Equal("write", mint.AskedPermissions!["contents"]);
                Assert.Equal(Text(secret, "expiresAt"), secret.Metadata.Annotations["sam.dev/expires-at"]);
                Assert.Equal(owner.Uid, secret.Metadata.OwnerReferences.Single().Uid);
                Assert.Equal(["acme/shop"], shown.Repositories!);
                Assert.Equal("write", shown.Permissions!["contents"]);
                Assert.InRange(shown.ExpiresAt!.Value, mint.ExpiresAt - Moment, mint.ExpiresAt);
            }
        );

    [Theory]
    [InlineData("GitCredentials", ".git-credentials", "https://x-access-token:{0}@github.com\n")]
    [InlineData("NetRc", ".netrc", "machine github.com login x-access-token password {0}\n")]
    public void A_token_comes_in_the_form_that_a_tool_reads(string form, string key, string text) =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", form: form)));
                await sim.AdvanceAsync(Moment);

                var secret = world.Secret("deploy")!;
                Assert.Equal(text.Replace("{0}", Text(secret, "token"), StringComparison.Ordinal), Text(secret, key));
            }
        );

    [Fact]
    public void A_Secret_is_renewed_at_half_life_and_never_holds_a_dead_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", lifetime: "20m")));
                await sim.AdvanceAsync(Moment);
                var seen = new HashSet<string>();

                for (var minute = 0; minute < 120; minute++)
                {
                    var token = Text(world.Secret("deploy")!, "token");
                    seen.Add(token);
                    Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == token);
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                }

                Assert.InRange(seen.Count, 11, 14);
                Assert.All(
                    world.GitHub.Mints.Where(mint => seen.Contains(mint.Token) && mint.RevokedAt is not null),
                    mint => Assert.InRange(mint.RevokedAt!.Value - mint.At, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20.2))
                );
                Assert.InRange(world.GitHub.LiveTokens().Count(mint => seen.Contains(mint.Token)), 1, 2);
            }
        );

    [Fact]
    public void Two_Projects_for_one_repository_never_share_a_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("one", Spec(Entry("first")));
                world.PutGitHubProject("two", Spec(Entry("second")));
                await sim.AdvanceAsync(Moment);
                var (first, second) = (Text(world.Secret("first")!, "token"), Text(world.Secret("second")!, "token"));

                world.DeleteProject("one");
                await sim.AdvanceAsync(Soon);

                Assert.NotEqual(first, second);
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == first);
                Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == second);
            }
        );

    [Fact]
    public void With_its_entry_a_Secret_goes_and_its_token_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(Moment);
                var (token, other) = (Text(world.Secret("deploy")!, "token"), Text(world.Secret("other")!, "token"));

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]!.AsArray().RemoveAt(0));
                await sim.AdvanceAsync(Soon);

                Assert.Null(world.Secret("deploy"));
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == token);
                Assert.Equal(other, Text(world.Secret("other")!, "token"));
                Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == other);
            }
        );

    [Fact]
    public void An_entry_that_asks_for_less_gets_another_token_and_the_wider_one_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(Moment);
                var wider = Text(world.Secret("deploy")!, "token");

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]![0]!["permissions"]!["contents"] = "read");
                await sim.AdvanceAsync(Soon);

                Assert.NotEqual(wider, Text(world.Secret("deploy")!, "token"));
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == wider);
            }
        );

    [Fact]
    public void With_the_Project_every_Secret_goes_and_every_token_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(Moment);

                world.DeleteProject("shop");
                await sim.AdvanceAsync(Soon);

                Assert.Null(world.Project("shop"));
                Assert.Null(world.Secret("deploy"));
                Assert.Empty(world.GitHub.LiveTokens());
                Assert.Empty(world.JournalNames());
            }
        );

    [Fact]
    public void A_Secret_that_somebody_removes_or_spoils_is_written_again_with_the_same_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(Moment);
                var (token, other) = (Text(world.Secret("deploy")!, "token"), Text(world.Secret("other")!, "token"));

                world.Cluster.Remove(PathOf("deploy"));
                world.Cluster.Change(PathOf("other"), secret => secret["data"]!["token"] = "c3BvaWxlZA==");
                await sim.AdvanceAsync(Soon);

                Assert.Equal(token, Text(world.Secret("deploy")!, "token"));
                Assert.Equal(other, Text(world.Secret("other")!, "token"));
            }
        );
}
