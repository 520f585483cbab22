using Sam.Simulators.GitHub;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Unit.Tests.Projects;

public sealed class ReadRepositoryTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    [Fact]
    public void Devcontainer_configurations_are_found_where_the_specification_puts_them() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                string[] files =
                [
                    ".devcontainer.json",
                    ".devcontainer/devcontainer.json",
                    ".devcontainer/gpu/devcontainer.json",
                    ".devcontainer/gpu/deep/devcontainer.json",
                    "src/.devcontainer/devcontainer.json",
                ];
                world.Installation.Add(
                    world.GitHub.Repositories.Add(
                        "acme",
                        "tools",
                        new SimulatedRepositoryOptions { Files = files.ToDictionary(file => file, _ => "{}") }
                    )
                );
                world.PutGitHubProject("tools", """{"repository":{"owner":"acme","name":"tools"}}""");
                await sim.AdvanceAsync(s_moment);

                Assert.Equal(files.Take(3), world.Project("tools")!.Status.Devcontainers);
            }
        );

    [Fact]
    public void A_repository_without_a_commit_has_none() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.Installation.Add(
                    world.GitHub.Repositories.Add(
                        "acme",
                        "empty",
                        new SimulatedRepositoryOptions { Files = new Dictionary<string, string>() }
                    )
                );
                world.PutGitHubProject("empty", """{"repository":{"owner":"acme","name":"empty"}}""");
                await sim.AdvanceAsync(s_moment);

                world.Shows("empty", RepositoryVerified.Verified);
                Assert.Empty(world.Project("empty")!.Status.Devcontainers);
            }
        );

    [Fact]
    public void Trees_that_cannot_be_read_hold_nothing_up() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.PermissionRemoved) { Path = "/repos/acme/shop/git" });
                world.PutGitHubProject("shop", """{"repository":{"owner":"acme","name":"shop"}}""");
                await sim.AdvanceAsync(s_moment);

                world.Shows("shop", RepositoryVerified.Verified);
                Assert.Equal("True", world.Project("shop")!.Status.Conditions.Single(one => one.Type == "Ready").Status);
            }
        );
}
