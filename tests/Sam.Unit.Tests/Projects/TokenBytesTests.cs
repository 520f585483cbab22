using Sam.Simulators.GitHub;
using Sam.Unit.Tests.Tokens;
using static Sam.Unit.Tests.Projects.TokenSecretEntries;

namespace Sam.Unit.Tests.Projects;

/// <summary>Tokens and keys are in Secrets and in requests, and nowhere else.</summary>
public sealed class TokenBytesTests
{
    [Fact]
    public void No_byte_of_a_token_or_key_is_in_a_log_an_event_or_a_status() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("workflows", permission: "workflows")));
                await sim.AdvanceAsync(Moment);
                foreach (
                    var fault in (string[])
                        [
                            GitHubFaults.HalfBody,
                            GitHubFaults.WrongShape,
                            GitHubFaults.HtmlPage,
                            GitHubFaults.MintWider,
                            GitHubFaults.ServerError,
                        ]
                )
                {
                    world.GitHub.Faults.Play(new GitHubFault(fault));
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(40));
                    world.GitHub.Faults.Stop();
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(20));
                }
                var shown = world
                    .Cluster.All($"/apis/sam.dev/v1alpha1/namespaces/{TokenWorld.Home}/projects")
                    .Select(project => project.ToJsonString())
                    .ToList();
                world.DeleteProject("shop");
                await sim.AdvanceAsync(Soon);

                var events = world
                    .Cluster.All($"/apis/events.k8s.io/v1/namespaces/{TokenWorld.Home}/events")
                    .Select(e => e.ToJsonString())
                    .ToList();
                var said = string.Join('\n', [.. world.Logs.All, .. events, .. shown]);
                var key = Keys.Pem.Split('\n').Skip(1).Take(20).Where(line => line.Length > 20);
                Assert.True(world.GitHub.Mints.Count > 10);
                Assert.Contains(shown, project => project.Contains("expiresAt", StringComparison.Ordinal));
                Assert.Contains(events, entry => entry.Contains("GitHubTokenMinted", StringComparison.Ordinal));
                Assert.All(world.GitHub.Mints, mint => Assert.DoesNotContain(mint.Token, said, StringComparison.Ordinal));
                Assert.All(key, line => Assert.DoesNotContain(line.Trim(), said, StringComparison.Ordinal));
                Assert.DoesNotContain("eyJhbGciOiJSUzI1NiI", said, StringComparison.Ordinal);
            }
        );
}
