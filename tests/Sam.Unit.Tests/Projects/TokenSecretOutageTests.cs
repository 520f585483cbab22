using System.Text.Json.Nodes;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Simulators.GitHub;
using Sam.Unit.Tests.Tokens;
using static Sam.Crds.V1Alpha1.ProjectConditions;
using static Sam.Unit.Tests.Projects.TokenSecretEntries;

namespace Sam.Unit.Tests.Projects;

/// <summary>Outages, restarts and ends: nothing stays stale, and no Project goes before its tokens.</summary>
public sealed class TokenSecretOutageTests
{
    [Fact]
    public void An_outage_of_half_an_hour_leaves_nothing_stale_for_long() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(25));

                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(30));
                var token = Text(world.Secret("deploy")!, "token");
                var alive = world.GitHub.LiveTokens().Any(mint => mint.Token == token);
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.True(alive);
                world.Shows("shop", TokenSecretsFresh.Fresh);
                Assert.NotEqual(token, Text(world.Secret("deploy")!, "token"));
            }
        );

    [Fact]
    public void An_entry_that_comes_in_an_outage_waits_and_one_that_no_registry_takes_is_stale() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec());
                world.PutGitHubProject("pull", Spec());
                await sim.AdvanceAsync(Moment);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]!.AsArray().Add(JsonNode.Parse(Entry("deploy"))));
                world.ChangeSpec(
                    "pull",
                    spec =>
                        spec["tokenSecrets"]!
                            .AsArray()
                            .Add(
                                JsonNode.Parse(
                                    """{"name":"login","kind":"RegistryPullSecret","registry":"nobody.test","repositories":["team/app"],"lifetime":"1h"}"""
                                )
                            )
                );
                await sim.AdvanceAsync(Soon);
                string?[] reasons =
                [
                    world.Reason("shop", TokenSecretsFresh.Type.Name),
                    world.Reason("pull", TokenSecretsFresh.Type.Name),
                ];
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(3));

                Assert.Equal(TokenWorld.NamesOf(TokenSecretsFresh.GitHubUnavailable, TokenSecretsFresh.SomeStale), reasons);
                world.Shows("shop", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void A_Project_does_not_go_before_its_tokens_have() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(Moment);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.DeleteProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));
                var waits = world.Project("shop")!.Status.Steps.Select(step => step.Name).ToList();
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.Contains(nameof(RevokeTokens), waits);
                Assert.Null(world.Project("shop"));
                Assert.Empty(world.GitHub.LiveTokens());
            }
        );

    [Fact]
    public void An_operator_that_starts_again_keeps_what_is_there() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(Moment);
                var (token, version) = (Text(world.Secret("deploy")!, "token"), world.Secret("deploy")!.Metadata.ResourceVersion);

                world.Kill();
                await world.StartAsync();
                await sim.AdvanceAsync(Soon);

                Assert.Equal(
                    (token, version),
                    (Text(world.Secret("deploy")!, "token"), world.Secret("deploy")!.Metadata.ResourceVersion)
                );
            }
        );
}
