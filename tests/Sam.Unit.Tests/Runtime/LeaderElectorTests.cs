using k8s.Models;
using Sam.Runtime.Hosting;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class LeaderElectorTests
{
    [Theory, Seeds(20)]
    public void The_first_one_leads_and_the_second_waits(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                var second = world.Start("second");

                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.True(first.Elector.IsLeader);
                Assert.False(second.Elector.IsLeader);
                Assert.Equal("first", world.Holder);
            }
        );

    [Theory, Seeds(20)]
    public void A_dead_leader_is_followed_within_the_lease_and_never_before_its_own_deadline(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                var second = world.Start("second");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(sim.Random.Next(1, 30)));
                var diedAt = sim.Elapsed;
                first.Process.Kill();

                await sim.UntilAsync(() => second.Elector.IsLeader, TimeSpan.FromSeconds(20), "the second leads");

                Assert.False(first.Elector.IsLeader);
                Assert.InRange(sim.Elapsed - diedAt, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
                Assert.Equal("second", world.Holder);
                Assert.Equal(1, world.Lease!["spec"]!["leaseTransitions"]!.GetValue<int>());
            }
        );

    [Theory, Seeds(20)]
    public void A_released_lease_is_taken_at_the_next_look(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                var second = world.Start("second");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(10));
                await first.End();

                await first.Elector.ReleaseAsync(TestContext.Current.CancellationToken);

                Assert.False(first.Elector.IsLeader);
                await sim.UntilAsync(() => second.Elector.IsLeader, TimeSpan.FromSeconds(2), "the second leads");
                Assert.Empty(world.Exits);
            }
        );

    [Theory, Seeds(20)]
    public void A_leader_that_cannot_renew_stops_at_its_deadline_and_ends(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                world.Cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
                var since = sim.Elapsed;

                await sim.UntilAsync(() => world.Exits.Count > 0, TimeSpan.FromSeconds(20), "the end");

                Assert.Equal([("first", ExitCodes.LeaseLost)], world.Exits);
                Assert.InRange(sim.Elapsed - since, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
                Assert.False(first.Elector.IsLeader);
                Assert.Equal(TimeSpan.Zero, first.Elector.Remaining);
            }
        );

    [Theory, Seeds(20)]
    public void A_process_that_was_stopped_finds_itself_without_leadership_before_it_writes(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                var client = new KubernetesResourceClient<V1ConfigMap>(world.Cluster, first.Elector, []);
                first.Process.Stop();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(11));
                first.Process.Continue();

                var fault = await first.Try(() => client.DeleteAsync("a", "x", null, CancellationToken.None));

                Assert.IsType<LeadershipLostException>(fault);
                Assert.Empty(world.Cluster.Sent("DELETE"));
            }
        );

    [Theory, Seeds(20)]
    public void A_write_waits_no_longer_than_what_is_left_of_the_lease(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                var first = await world.LeadAsync("first");
                var client = new KubernetesResourceClient<V1ConfigMap>(world.Cluster, first.Elector, []);
                world.Cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(7));
                TimeSpan? within = null;
                world.Cluster.Before = request => within = request.Method == HttpMethod.Delete ? request.AnswerWithin : within;

                await first.Try(() => client.DeleteAsync("a", "x", null, CancellationToken.None));

                Assert.InRange(within!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
            }
        );

    [Theory, Seeds(20)]
    public void A_leader_that_finds_another_holder_ends(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new ElectionWorld(sim);
                await world.LeadAsync("first");
                world.Cluster.Change(ElectionWorld.Path, lease => lease["spec"]!["holderIdentity"] = "thief");

                await sim.AdvanceAsync(TimeSpan.FromSeconds(4));

                Assert.Equal([("first", ExitCodes.LeaseLost)], world.Exits);
            }
        );
}
