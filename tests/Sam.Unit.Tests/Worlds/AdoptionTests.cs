using System.Globalization;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A server that SAM made before is taken over by an annotation (step <c>AdoptServer</c>), or nothing is; nothing is bought in its place.</summary>
public sealed class AdoptionTests
{
    [Theory, Seeds(3)]
    public void A_server_that_was_kept_on_purpose_serves_again_with_its_volume_and_address(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await KeptAsync(sim);
                var server = Assert.Single(world.Hetzner.Servers());
                Assert.Equal("true", server.Labels[Names.ServerLabels.Retained]);

                world.Create(Adopting(server.Id));
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the adopted node is ready");

                Assert.Equal(server.Id, world.MachineOf()!.Status.ServerId);
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("volume")).Value);
                Assert.NotNull(world.MachineOf()!.Status.HourlyPrice);
                Assert.DoesNotContain(Names.ServerLabels.Retained, Assert.Single(world.Hetzner.Servers()).Labels.Keys);

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the adopted node is gone");
                Assert.Empty(world.Left());
            }
        );

    [Theory, Seeds(2)]
    public void A_server_whose_objects_were_lost_is_found_again(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                var before = world.Start();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                var (server, pin) = (Assert.Single(world.Hetzner.Servers()).Id, world.MachineOf()!.Status.EngineKey);
                before.Kill();
                world.Lose<Machine>(world.MachineOf()!.Metadata.Name);
                world.Lose<DeploymentNode>("edge");

                world.Create(Adopting(server));
                world.Start();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready again");

                Assert.Equal((server, pin), (world.MachineOf()!.Status.ServerId!.Value, world.MachineOf()!.Status.EngineKey));
                Assert.Single(world.Hetzner.Servers());
            }
        );

    public static TheoryData<string, string> Mismatches =>
        new()
        {
            { "no id", "is no id of a server" },
            { "unknown", "has no server" },
            { "foreign installation", "is of installation" },
            { "no labels", "was not made by SAM" },
            { "role", "has role workspace" },
            { "machine label", "has no usable label" },
            { "type", "is a cx23, and cx33 is asked for" },
            { "location", "is in fsn1, and nbg1 is asked for" },
            { "living", "belongs to Machine" },
        };

    [Theory, MemberData(nameof(Mismatches))]
    public void A_mismatch_is_refused_told_and_mended(string what, string told) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await KeptAsync(sim);
                var server = Assert.Single(world.Hetzner.Servers());
                var labels = new Dictionary<string, string>(server.Labels);
                var node = Adopting(server.Id);
                switch (what)
                {
                    case "no id":
                        node.Metadata.Annotations[Names.Annotations.AdoptServerId] = "edge-1";
                        break;
                    case "unknown":
                        node.Metadata.Annotations[Names.Annotations.AdoptServerId] = "4711";
                        break;
                    case "foreign installation":
                        labels[Names.ServerLabels.Installation] = "another";
                        break;
                    case "no labels":
                        labels.Clear();
                        break;
                    case "role":
                        labels[Names.ServerLabels.Role] = "workspace";
                        break;
                    case "machine label":
                        labels[Names.ServerLabels.Machine] = "X";
                        break;
                    case "type":
                        node.Spec.Cloud = new CloudSpec { ServerType = "cx33" };
                        break;
                    case "location":
                        node.Spec.Cloud = new CloudSpec { Locations = ["nbg1"] };
                        break;
                    case "living":
                        world.Create(Adopting(server.Id, "first"));
                        await sim.UntilAsync(() => world.IsReady("first"), Story.Patience, "the first node is ready");
                        break;
                }

                if (what is "foreign installation" or "no labels" or "role" or "machine label")
                    await RelabelAsync(world, server.Id, labels);
                world.Create(node);
                await sim.UntilAsync(
                    () => Told(world).Contains(told, StringComparison.Ordinal),
                    Story.Patience,
                    $"'{told}' is told"
                );

                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
                Assert.Null(world.MachineOf());
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);

                world.Cluster.Change(
                    "/apis/sam.dev/v1alpha1/namespaces/demo/deploymentnodes/edge",
                    found => found["metadata"]!.AsObject().Remove("annotations")
                );
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "without the annotation a VM is bought");
            }
        );

    [Theory, Seeds(12)]
    public void Killed_anywhere_on_the_way_one_Machine_has_the_server_and_none_is_bought(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await KeptAsync(sim);
                var server = Assert.Single(world.Hetzner.Servers());
                var first = world.Start();
                world.Gate.Arm(sim.Random.Next(12), sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, first.Kill);

                world.Create(Adopting(server.Id));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                world.Gate.Disarm();
                first.Kill();
                world.Start();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the adopted node is ready");

                Assert.Equal(server.Id, Assert.Single(world.All<Machine>()).Status.ServerId);
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);
            }
        );

    [Theory, Seeds(10)]
    public void Of_two_nodes_that_ask_for_one_server_at_once_one_has_it_and_the_other_is_told(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await KeptAsync(sim);
                var server = Assert.Single(world.Hetzner.Servers());

                world.Create(Adopting(server.Id, "one"));
                world.Create(Adopting(server.Id, "two"));
                await sim.UntilAsync(() => world.IsReady("one") || world.IsReady("two"), Story.Patience, "one is ready");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));

                Assert.Single(world.All<Machine>());
                Assert.NotEqual(world.IsReady("one"), world.IsReady("two"));
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);
            }
        );

    private static string Told(VirtualWorld world) =>
        world
            .Find<DeploymentNode>("edge")
            ?.Status.Conditions.FirstOrDefault(condition => condition.Reason == NodeHealthy.AdoptionRefused.Name)
            ?.Message
        ?? "";

    private static DeploymentNode Adopting(long server, string name = "edge") =>
        Story
            .RichNode(name)
            .With(node =>
                node.Metadata.Annotations = new Dictionary<string, string>
                {
                    [Names.Annotations.AdoptServerId] = server.ToString(CultureInfo.InvariantCulture),
                }
            );

    private static Task RelabelAsync(VirtualWorld world, long server, IReadOnlyDictionary<string, string> labels) =>
        world.AtProviderAsync(HttpMethod.Put, $"servers/{server}", System.Text.Json.JsonSerializer.Serialize(new { labels }));

    /// <summary>A node that was deleted with Retain: its server, volume and address are there, its objects are not.</summary>
    private static async Task<VirtualWorld> KeptAsync(Simulation sim)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        world.Create(Story.RichNode("old").With(node => node.Spec.DeletionPolicy = DeletionPolicy.Retain));
        world.Start();
        await sim.UntilAsync(() => world.IsReady("old"), Story.Patience, "the old node is ready");
        world.Delete<DeploymentNode>("old");
        await sim.UntilAsync(() => world.IsGone("old"), Story.Patience, "the old node is gone");
        Assert.Equal(3, world.Left().Count);
        return world;
    }
}
