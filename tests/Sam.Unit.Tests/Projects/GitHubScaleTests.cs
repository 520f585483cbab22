using Sam.Simulators.GitHub;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Tokens;

namespace Sam.Unit.Tests.Projects;

public sealed class GitHubScaleTests
{
    [Fact]
    public void Many_Projects_come_through_a_key_rotation_and_an_outage_of_half_an_hour_within_GitHubs_limits() => Run(100);

    // Minutes of real time: by name only (`-explicit only`).
    [Fact(Explicit = true)]
    public void A_thousand_Projects_do_so_too() => Run(1000);

    private static void Run(int projects) =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                for (var i = 0; i < projects; i++)
                {
                    world.Installation.Add(world.GitHub.Repositories.Add("acme", $"r{i}"));
                    world.PutGitHubProject($"p{i}", $$"""{"repository":{"owner":"acme","name":"r{{i}}"} }""");
                }
                var first = await UntilVerifiedAsync(sim, world, projects);

                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));
                var before = world.GitHub.Calls.Count;
                world.PutApp($"{world.App.Id}", world.App.AddKey());
                world.App.ForgetOldKeys();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(30));
                var during = world.GitHub.Calls.Count - before;
                world.GitHub.Faults.Stop();
                var recovered = await UntilVerifiedAsync(sim, world, projects);

                Assert.InRange(during, 1, 100);
                Assert.DoesNotContain(world.GitHub.Calls, call => call.Status is 403 or 429);
                TestContext.Current.TestOutputHelper!.WriteLine(
                    $"proved after {first}, {during} calls in the outage, proved again after {recovered}, {world.GitHub.Calls.Count} calls in all"
                );
            }
        );

    // Looked at now and then: to look at a thousand Projects takes longer than to change one.
    private static async Task<TimeSpan> UntilVerifiedAsync(Simulation sim, TokenWorld world, int projects)
    {
        var start = sim.Elapsed;
        while (Verified(world) < projects)
        {
            Assert.True(sim.Elapsed - start < TimeSpan.FromHours(1), $"{Verified(world)} are proved after an hour");
            await sim.AdvanceAsync(TimeSpan.FromSeconds(30));
        }
        return sim.Elapsed - start;
    }

    private static int Verified(TokenWorld world) =>
        world
            .Cluster.All($"/apis/sam.dev/v1alpha1/namespaces/{TokenWorld.Home}/projects")
            .Count(project =>
                project["status"]
                    ?["conditions"]?.AsArray()
                    .Any(one =>
                        one!["type"]!.GetValue<string>() == "RepositoryVerified"
                        && one["reason"]!.GetValue<string>() == "Verified"
                    ) == true
            );
}
