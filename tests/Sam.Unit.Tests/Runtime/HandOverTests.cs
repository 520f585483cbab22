using k8s.Models;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class HandOverTests
{
    private const int HandOvers = 250;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20); // the lease's duration and five seconds

    [Theory, Seeds(8)]
    public void Through_kills_stops_and_releases_there_are_never_two_writers_and_the_next_one_is_soon_there(int seed) =>
        Simulation.Run(seed, LiveAsync);

    private static async Task LiveAsync(Simulation sim)
    {
        var world = new ElectionWorld(sim);
        var strangers = new List<string>();
        var started = 0;
        world.Cluster.KeepsRequests = false;
        world.Cluster.Latency = () => TimeSpan.FromMilliseconds(sim.Random.Next(1, 200));
        world.Cluster.Before = request =>
        {
            if (request.Method == HttpMethod.Delete && !request.Path.EndsWith($"/{world.Holder}", StringComparison.Ordinal))
                strangers.Add($"{sim.Elapsed}: {request.Path} while {world.Holder} holds the lease");
        };
        var alive = new List<Candidate> { Begin(), Begin() };
        await sim.UntilAsync(() => alive.Any(IsLeading), s_longest, "a first leader");

        for (var i = 0; i < HandOvers; i++)
        {
            await sim.AdvanceAsync(TimeSpan.FromSeconds(sim.Random.NextDouble() * 10));
            var leader = alive.Single(IsLeading);
            await EndAsync(leader);
            await sim.UntilAsync(
                () => alive.Any(candidate => candidate != leader && IsLeading(candidate)),
                s_longest,
                $"hand-over {i}"
            );
            leader.Process.Continue(); // wherever it was stopped: it must find out by itself, before it writes
            await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
            Assert.False(leader.Elector.IsLeader);
            leader.Process.Kill();
            alive.Remove(leader);
            alive.Add(Begin());
        }

        Assert.Empty(strangers);
        Assert.Equal(HandOvers, world.Lease!["spec"]!["leaseTransitions"]!.GetValue<int>());

        Candidate Begin()
        {
            var candidate = world.Start($"process-{started++}");
            candidate.Work = candidate.Process.Start(() => WriteAsync(candidate, new(world.Cluster, candidate.Elector, [])));
            return candidate;
        }

        async Task EndAsync(Candidate leader)
        {
            switch (sim.Random.Next(3))
            {
                case 0:
                    leader.Process.Kill();
                    break;
                case 1:
                    leader.Process.Stop();
                    break;
                default:
                    // In the order of RuntimeHost: what is on its way ends before the lease is given back.
                    leader.IsEnding = true;
                    await leader.Work;
                    await leader.End();
                    await leader.Elector.ReleaseAsync(CancellationToken.None);
                    break;
            }
        }
    }

    private static bool IsLeading(Candidate candidate) => !candidate.Process.IsKilled && candidate.Elector.IsLeader;

    // As often as it can, and without a look at the clock before: the client is the fence.
    private static async Task WriteAsync(Candidate candidate, KubernetesResourceClient<V1ConfigMap> client)
    {
        while (!candidate.IsEnding)
        {
            try
            {
                await client.DeleteAsync("a", candidate.Process.Name, null, CancellationToken.None);
            }
            catch (LeadershipLostException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(400), candidate.Process.Clock);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(400), candidate.Process.Clock);
        }
    }
}
