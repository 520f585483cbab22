using System.Security.Cryptography;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Rules.Policy;
using Sam.Runtime.Conditions;
using Sam.Simulators.GitHub;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Tokens;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Unit.Tests.Projects;

public sealed class VerifyRepositoryTests
{
    private const string Shop = """{"repository":{"owner":"acme","name":"shop"}}""";
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_recheck = TimeSpan.FromMinutes(12);

    [Fact]
    public void A_repository_is_proved_and_shown_and_its_id_is_learned_with_a_token_that_can_nothing_else() =>
        Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Shop);
                await sim.AdvanceAsync(s_moment);

                var shown = world.Project("shop")!.Status.Repository!;
                string[] steps = [nameof(VerifyRepository), nameof(ReadRepository), nameof(KeepTokenSecrets)];
                Assert.Subset(world.Project("shop")!.Status.Steps.Select(step => step.Name).ToHashSet(), steps.ToHashSet());
                world.Shows("shop", RepositoryVerified.Verified);
                Assert.Equal(
                    (world.Shop.Id, "acme/shop", "main", true),
                    (shown.Id, shown.FullName, shown.DefaultBranch, shown.Private)
                );
                Assert.Equal(world.Installation.Id, shown.InstallationId);
                Assert.All(
                    world.GitHub.Mints.Where(mint => !mint.IsExplicit),
                    learning =>
                    {
                        Assert.Equal(["shop"], learning.AskedRepositories);
                        Assert.Equal(["metadata"], learning.AskedPermissions!.Keys);
                        Assert.NotNull(learning.RevokedAt);
                    }
                );
            }
        );

    [Fact]
    public void A_Project_without_an_App_is_not_held_up() =>
        Live(
            async (sim, world) =>
            {
                world.PutProject("plain");
                await sim.AdvanceAsync(s_moment);

                world.Shows("plain", RepositoryVerified.NotConfigured);
                world.Shows("plain", TokenSecretsFresh.NoneAsked);
                Assert.Equal("True", world.Project("plain")!.Status.Conditions.Single(one => one.Type == "Ready").Status);
                Assert.Empty(world.GitHub.Calls);
            }
        );

    private static readonly Dictionary<string, (Reason Reason, Action<TokenWorld> Harm, Action<TokenWorld> Mend)> s_causes = new()
    {
        ["a renamed repository"] = (
            RepositoryVerified.RepositoryRenamed,
            w => w.Shop.Rename("store"),
            w => w.Shop.Rename("shop")
        ),
        ["a repository transferred out of reach"] = (
            RepositoryVerified.RepositoryAccessDenied,
            w => w.Shop.Transfer("umbrella"),
            w => w.Shop.Transfer("acme")
        ),
        ["a repository transferred within reach"] = (
            RepositoryVerified.RepositoryRenamed,
            w =>
            {
                w.GitHub.InstallForAll(w.App, "umbrella");
                w.Shop.Transfer("umbrella");
            },
            w => w.Shop.Transfer("acme")
        ),
        ["a repository taken out"] = (
            RepositoryVerified.RepositoryAccessDenied,
            w => w.Installation.Remove(w.Shop),
            w => w.Installation.Add(w.Shop)
        ),
        ["a suspended installation"] = (
            RepositoryVerified.RepositoryAccessDenied,
            w => w.Installation.Suspend(),
            w => w.Installation.Unsuspend()
        ),
        ["another id"] = (
            RepositoryVerified.RepositoryIdChanged,
            w => w.GitHub.Faults.Play(new GitHubFault(GitHubFaults.IdDrift)),
            w => w.GitHub.Faults.Stop()
        ),
        ["an App of no such id"] = (
            RepositoryVerified.AppKeyInvalid,
            w => w.PutApp("999999", Keys.Pem),
            w => w.PutApp($"{w.App.Id}", Keys.Pem)
        ),
        ["somebody else's key"] = (
            RepositoryVerified.AppKeyInvalid,
            w => w.PutApp($"{w.App.Id}", OtherKey()),
            w => w.PutApp($"{w.App.Id}", Keys.Pkcs8)
        ),
        ["no key at all"] = (
            RepositoryVerified.AppKeyInvalid,
            w => w.PutApp($"{w.App.Id}", "no key"),
            w => w.PutApp($"{w.App.Id}\n", Keys.Pem)
        ),
        ["a policy"] = (
            RepositoryVerified.PolicyForbids,
            w => w.Policy = new PlatformPolicy { AllowUnlisted = false },
            w => w.Policy = PlatformPolicy.Default
        ),
        ["an outage"] = (
            RepositoryVerified.GitHubUnavailable,
            w => w.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError)),
            w => w.GitHub.Faults.Stop()
        ),
        ["a limit"] = (
            RepositoryVerified.RateLimited,
            w => w.GitHub.Faults.Play(new GitHubFault(GitHubFaults.SecondaryLimit)),
            w => w.GitHub.Faults.Stop()
        ),
    };

    public static TheoryData<string> Causes => [.. s_causes.Keys];

    [Theory, MemberData(nameof(Causes))]
    public void What_is_wrong_is_typed_and_mends_without_an_edit(string what) =>
        Live(
            async (sim, world) =>
            {
                var (reason, harm, mend) = s_causes[what];
                world.PutGitHubProject("shop", Shop);
                await sim.AdvanceAsync(s_moment);
                var minted = world.GitHub.Mints.Count;

                harm(world);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(66));
                var seen = world.Reason("shop", RepositoryVerified.Type.Name);
                mend(world);
                await sim.AdvanceAsync(s_recheck);

                Assert.Equal((what, reason.Name), (what, seen));
                world.Shows("shop", RepositoryVerified.Verified);
                Assert.All(world.GitHub.Mints.Skip(minted), mint => Assert.Equal([world.Shop.Id], mint.RepositoryIds));
            }
        );

    [Fact]
    public void A_repository_that_was_made_anew_under_the_old_name_is_another_one() =>
        Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Shop);
                await sim.AdvanceAsync(s_moment);

                world.Shop.Delete();
                world.Installation.Add(world.GitHub.Repositories.Add("acme", "shop"));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(66));

                world.Shows("shop", RepositoryVerified.RepositoryIdChanged);
            }
        );

    [Fact]
    public void An_App_that_is_not_installed_and_a_name_that_does_not_exist_are_told_apart() =>
        Live(
            async (sim, world) =>
            {
                world.GitHub.Repositories.Add("stranger", "shop");
                world.PutGitHubProject("stranger", """{"repository":{"owner":"stranger","name":"shop"}}""");
                world.PutGitHubProject("typo", """{"repository":{"owner":"acme","name":"shpo"}}""");
                world.PutGitHubProject("pinned", """{"repository":{"owner":"acme","name":"shop","id":4711}}""");
                world.PutGitHubProject("secretless", Shop, appSecret: "missing");
                await sim.AdvanceAsync(s_moment);

                world.Shows("stranger", RepositoryVerified.AppNotInstalled);
                world.Shows("typo", RepositoryVerified.RepositoryNotFound);
                world.Shows("pinned", RepositoryVerified.RepositoryIdChanged);
                world.Shows("secretless", RepositoryVerified.AppSecretNotFound);
                Assert.Empty(world.GitHub.Mints);
            }
        );

    [Fact]
    public void A_further_repository_that_fails_drops_out_alone() =>
        Live(
            async (sim, world) =>
            {
                world.GitHub.Repositories.Add("acme", "hidden");
                world.PutGitHubProject(
                    "shop",
                    """{"repository":{"owner":"acme","name":"shop"},"additionalRepositories":[{"owner":"acme","name":"blog"},{"owner":"acme","name":"hidden"}]}"""
                );
                await sim.AdvanceAsync(s_moment);

                var shown = world.Project("shop")!.Status.Repositories;
                world.Shows("shop", RepositoryVerified.Verified);
                Assert.Equal([true, true, false], shown.Select(one => one.Verified));
                Assert.Equal("RepositoryNotFound", shown[2].Reason);
                Assert.Equal([world.Shop.Id, world.Blog.Id, null], shown.Select(one => one.Id));
            }
        );

    [Fact]
    public void A_quiet_Project_costs_few_calls_a_day() =>
        Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Shop);
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                var before = world.GitHub.Calls.Count;
                var writes = world.Cluster.Writes;

                await sim.AdvanceAsync(TimeSpan.FromHours(24));

                Assert.InRange(world.GitHub.Calls.Count - before, 24, 160);
                Assert.InRange(world.Cluster.Writes - writes, 24, 150);
            }
        );

    internal static void Live(Func<Simulation, TokenWorld, Task> story, GitHubSimulatorOptions? github = null, int seed = 11) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new TokenWorld(sim, github) { HasProjects = true };
                await world.StartAsync();
                await story(sim, world);
            }
        );

    private static string OtherKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportRSAPrivateKeyPem();
    }
}
