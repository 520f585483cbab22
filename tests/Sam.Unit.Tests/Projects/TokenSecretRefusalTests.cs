using Sam.Rules.Policy;
using Sam.Unit.Tests.Tokens;
using static Sam.Crds.V1Alpha1.ProjectConditions;
using static Sam.Unit.Tests.Projects.TokenSecretEntries;

namespace Sam.Unit.Tests.Projects;

/// <summary>What may not be minted is refused by a typed reason, and nothing that is somebody else's is touched.</summary>
public sealed class TokenSecretRefusalTests
{
    [Fact]
    public void A_Secret_of_that_name_that_is_not_ours_is_left_as_it_is() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.Cluster.Put(
                    PathOf("deploy"),
                    """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"deploy","namespace":"team"},"data":{"mine":"eA=="}}"""
                );
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(Moment);
                var refused = world.Reason("shop", TokenSecretsFresh.Type.Name);
                var kept = world.Secret("deploy")!;
                world.Cluster.Remove(PathOf("deploy"));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.Equal(TokenWorld.NamesOf(TokenSecretsFresh.SecretNotOurs), [refused]);
                Assert.Equal(["mine"], kept.Data.Keys);
                world.Shows("shop", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void What_may_not_be_minted_is_typed_and_minted_once_it_may() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("workflows", Spec(Entry("deploy", permission: "workflows", permissions: "write")));
                world.PutGitHubProject("admin", Spec(Entry("ungranted", permission: "deployments", permissions: "write")));
                world.PutGitHubProject("foreign", Spec(Entry("foreign", repositories: """["acme/blog"]""")));
                await sim.AdvanceAsync(Moment);
                var minted = world.Mints().Count;
                string?[] reasons =
                [
                    world.Reason("workflows", TokenSecretsFresh.Type.Name),
                    world.Reason("admin", TokenSecretsFresh.Type.Name),
                    world.Reason("foreign", TokenSecretsFresh.Type.Name),
                ];

                world.Installation.Grant(
                    world.App.Permissions.Append(new("deployments", "write")).ToDictionary(pair => pair.Key, pair => pair.Value)
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(11));

                Assert.Equal(
                    TokenWorld.NamesOf(
                        TokenSecretsFresh.PolicyForbids,
                        TokenSecretsFresh.PermissionNotGranted,
                        TokenSecretsFresh.RepositoryNotVerified
                    ),
                    reasons
                );
                Assert.Equal(0, minted);
                world.Shows("admin", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void A_policy_that_forbids_ends_the_token_that_it_allowed_before() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(Moment);
                var token = Text(world.Secret("deploy")!, "token");

                world.Policy = new PlatformPolicy { AllowUnlisted = false };
                world.ChangeSpec("shop", spec => spec["suspend"] = true); // anything that makes the Project run
                await sim.AdvanceAsync(Soon);

                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == token);
            }
        );
}
