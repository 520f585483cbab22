using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Operator.Policy;
using Sam.Rules.Policy;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Limits;

/// <summary>The last slot goes to one, whoever asks at the same moment: replicas, parallel runs, and other writers of the same status.</summary>
public sealed class ProjectSlotsTests
{
    private const string Home = "demo";
    private const string Path = $"/apis/sam.dev/v1alpha1/namespaces/{Home}/projects/acme";

    [Theory, Seeds(60)]
    public void Whatever_the_order_no_more_slots_are_held_than_there_are_and_every_answer_is_true(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new SlotWorld(sim, limit: 1 + sim.Random.Next(4), quota: sim.Random.Next(3));
                var replicas = new[] { world.Replica(), world.Replica(), world.Replica() };
                var holders = Enumerable.Range(0, 9).Select(number => $"holder{number}").ToList();
                var work = holders.Select(
                    (holder, index) => sim.Start(() => world.LiveAsync(replicas[index % 3], holder, rounds: 6))
                );
                var noise = sim.Start(() => world.WriteOtherStatusAsync(times: 15));

                await Task.WhenAll([.. work, noise]);

                Assert.Empty(world.Wrongs);
                Assert.Equal(world.Holding.Order(), world.Reserved().Order());
                Assert.True(world.MostHeld <= world.Limit, $"{world.MostHeld} held of {world.Limit}");
                Assert.True(world.MostPaid <= world.Quota, $"{world.MostPaid} paid of {world.Quota}");
            }
        );

    [Fact]
    public void Everybody_at_once_fills_the_limit_and_not_one_more()
    {
        Simulation.Run(
            7,
            async sim =>
            {
                var world = new SlotWorld(sim, limit: 5, quota: 100);
                var replicas = new[] { world.Replica(), world.Replica() };

                var answers = await Task.WhenAll(
                    Enumerable
                        .Range(0, 20)
                        .Select(number => world.TakeAsync(replicas[number % 2], $"h{number}", CredentialSource.Project))
                );

                Assert.Equal(5, answers.Count(answer => answer is SlotAnswer.Taken));
                var refused = answers.OfType<SlotAnswer.Refused>().ToList();
                Assert.Equal(15, refused.Count);
                Assert.All(refused, answer => Assert.Equal((5, 5), (answer.Used, answer.Limit)));
            }
        );
    }

    [Fact]
    public void A_slot_that_is_held_is_held_again_without_a_write()
    {
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new SlotWorld(sim, limit: 1, quota: 1);
                var replica = world.Replica();
                await world.TakeAsync(replica, "h", CredentialSource.Namespace);
                var writes = world.Cluster.Writes;

                var again = await world.TakeAsync(replica, "h", CredentialSource.Namespace);
                var elsewhere = await world.TakeAsync(world.Replica(), "h", CredentialSource.Namespace);

                Assert.IsType<SlotAnswer.Taken>(again);
                Assert.IsType<SlotAnswer.Taken>(elsewhere);
                Assert.Equal(writes, world.Cluster.Writes);
            }
        );
    }

    [Fact]
    public void A_slot_that_comes_to_be_paid_by_the_platform_asks_for_the_quota()
    {
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new SlotWorld(sim, limit: 5, quota: 1);
                var replica = world.Replica();
                await world.TakeAsync(replica, "guest", CredentialSource.Platform);
                await world.TakeAsync(replica, "own", CredentialSource.Namespace);

                var refused = await world.TakeAsync(replica, "own", CredentialSource.Platform);
                await replica.ReturnAsync(Home, "acme", SlotKind.Machine, "guest", CancellationToken.None);
                var taken = await world.TakeAsync(replica, "own", CredentialSource.Platform);

                Assert.Equal(1, Assert.IsType<SlotAnswer.Refused>(refused).Limit);
                Assert.IsType<SlotAnswer.Taken>(taken);
                Assert.Equal(["own"], world.Reserved());
            }
        );
    }

    [Fact]
    public void A_suspended_or_ending_Project_gives_nothing_new_and_takes_nothing_away()
    {
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new SlotWorld(sim, limit: 5, quota: 5);
                var replica = world.Replica();
                await world.TakeAsync(replica, "runs", CredentialSource.Project);
                world.Cluster.Change(Path, project => project["spec"]!["suspend"] = true);

                var suspended = await world.TakeAsync(replica, "new", CredentialSource.Project);
                var runs = await world.TakeAsync(replica, "runs", CredentialSource.Project);
                world.Cluster.Remove(Path, silently: true);
                var gone = await world.TakeAsync(world.Replica(), "new", CredentialSource.Project);

                Assert.IsType<SlotAnswer.Suspended>(suspended);
                Assert.IsType<SlotAnswer.Taken>(runs);
                Assert.IsType<SlotAnswer.NoProject>(gone);
            }
        );
    }

    /// <summary>One Project in a cluster in memory, and those who want its slots.</summary>
    private sealed class SlotWorld : IPlatformPolicies
    {
        private readonly Simulation _sim;

        public SlotWorld(Simulation sim, int limit, int quota)
        {
            (_sim, Limit, Quota) = (sim, limit, quota);
            Cluster = new MemoryCluster(sim)
            {
                KeepsRequests = false,
                Latency = () => TimeSpan.FromMilliseconds(sim.Random.Next(40)),
                Written = _ => Look(),
            };
            Cluster.Put(
                Path,
                $$"""
                {"apiVersion": "sam.dev/v1alpha1", "kind": "Project", "metadata": {"name": "acme", "namespace": "demo", "uid": "u", "generation": 1},
                 "spec": {"limits": {"machines": {{limit}} } }, "status": {} }
                """
            );
            Current = new PlatformPolicy
            {
                Rules =
                [
                    new PolicyRule
                    {
                        Name = "r",
                        Namespaces = [Home],
                        Quota = new PlatformQuota(Machines: quota),
                    },
                ],
            };
        }

        public MemoryCluster Cluster { get; }

        public int Limit { get; }

        public int Quota { get; }

        public int MostHeld { get; private set; }

        public int MostPaid { get; private set; }

        public PlatformPolicy Current { get; }

        public List<string> Wrongs { get; } = [];

        public HashSet<string> Holding { get; } = [];

        /// <summary>An operator of its own: its cache knows its own writes, and hears of nobody else's.</summary>
        public ProjectSlots Replica()
        {
            var store = new ObjectStore<Project>([]);
            return new ProjectSlots(
                store,
                new KubernetesResourceClient<Project>(Cluster, new AlwaysLeader(), [store]),
                this,
                _sim.Clock
            );
        }

        public Task<SlotAnswer> TakeAsync(ProjectSlots replica, string holder, CredentialSource paidBy) =>
            replica.TakeAsync(
                Home,
                "acme",
                SlotKind.Machine,
                new SlotHolder("DeploymentNode", holder, holder),
                paidBy,
                CancellationToken.None
            );

        public async Task LiveAsync(ProjectSlots replica, string holder, int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                var paidBy = _sim.Random.Next(2) == 0 ? CredentialSource.Platform : CredentialSource.Project;
                var answer = await TakeAsync(replica, holder, paidBy);
                if (answer is SlotAnswer.Taken)
                {
                    Holding.Add(holder);
                    if (!Reserved().Contains(holder))
                        Wrongs.Add($"{holder} was told that it has a slot, and has none");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(_sim.Random.Next(80)), _sim.Clock);
                if (_sim.Random.Next(3) == 0)
                    continue;
                await replica.ReturnAsync(Home, "acme", SlotKind.Machine, holder, CancellationToken.None);
                Holding.Remove(holder);
                if (Reserved().Contains(holder))
                    Wrongs.Add($"{holder} gave its slot back, and has it still");
            }
        }

        /// <summary>Somebody who writes something else into the same status, as the Project's controller does.</summary>
        public async Task WriteOtherStatusAsync(int times)
        {
            for (var time = 0; time < times; time++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_sim.Random.Next(60)), _sim.Clock);
                Cluster.Change(Path, project => project["status"]!["observedGeneration"] = time);
            }
        }

        public IReadOnlyList<string> Reserved() => [.. Slots().Select(slot => slot["holder"]!.GetValue<string>())];

        private void Look()
        {
            var usage = Cluster.Find(Path)?["status"]?["usage"];
            var slots = Slots();
            MostHeld = Math.Max(MostHeld, slots.Count);
            MostPaid = Math.Max(MostPaid, slots.Count(slot => slot["paidBy"]!.GetValue<string>() == "Platform"));
            if (usage is not null && usage["machines"]!.GetValue<int>() != slots.Count)
                Wrongs.Add($"the count says {usage["machines"]}, the list has {slots.Count}");
            if (slots.Select(slot => slot["holder"]!.GetValue<string>()).Distinct().Count() != slots.Count)
                Wrongs.Add("somebody has two slots");
        }

        private List<JsonNode> Slots() =>
            [.. (Cluster.Find(Path)?["status"]?["usage"]?["reservations"] as JsonArray ?? []).OfType<JsonNode>()];
    }
}
