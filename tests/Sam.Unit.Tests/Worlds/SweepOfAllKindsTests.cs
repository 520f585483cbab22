using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Sweep;
using Sam.Operator.Installation;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What outlives servers and has no Machine: given back if it is surely ours and surely wanted by nobody; another installation's is never touched.</summary>
public sealed class SweepOfAllKindsTests
{
    private const string Ours = "0123456789abcdef";
    private const string Theirs = "fedcba9876543210";
    private static readonly TimeSpan s_longEnough = TimeSpan.FromHours(3);

    [Fact]
    public void Of_every_kind_ours_goes_theirs_stays_and_data_stays_unless_it_was_to_go() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await WorldAsync(sim);
                foreach (var installation in (string[])[Ours, Theirs])
                {
                    await VolumeAsync(world, installation, "going", (Names.ServerLabels.OnDelete, "delete"));
                    await AddressAsync(sim, world, installation);
                    await MakeAsync(world, "firewalls", $"{installation}-wall", Labels(installation, machine: null));
                    await KeyAsync(world, installation);
                }
                await VolumeAsync(world, Ours, "staying", (Names.ServerLabels.OnDelete, "retain"));
                await VolumeAsync(world, Ours, "unlabelled");
                await VolumeAsync(
                    world,
                    Ours,
                    "kept",
                    (Names.ServerLabels.OnDelete, "delete"),
                    (Names.ServerLabels.Retained, "true")
                );

                world.Start(setup => setup.Replace = Deleting());
                await sim.AdvanceAsync(s_longEnough);

                Assert.Equal(
                    [
                        $"address {Theirs}",
                        $"firewall {Theirs}-wall",
                        $"key {Theirs}-key",
                        $"volume {Ours}-kept",
                        $"volume {Ours}-staying",
                        $"volume {Ours}-unlabelled",
                        $"volume {Theirs}-going",
                    ],
                    All(world)
                );
                var told = Told(world);
                Assert.Equal(4, told.Count(text => text.StartsWith("OrphanDeleted", StringComparison.Ordinal)));
                Assert.Contains(told, text => text.Contains($"({Ours}-staying)", StringComparison.Ordinal));
                Assert.DoesNotContain(told, text => text.Contains($"({Ours}-kept)", StringComparison.Ordinal));
                Assert.DoesNotContain(told, text => text.Contains(Theirs, StringComparison.Ordinal));
            }
        );

    [Fact]
    public void By_default_all_of_it_is_told_of_and_kept() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await WorldAsync(sim);
                await VolumeAsync(world, Ours, "going", (Names.ServerLabels.OnDelete, "delete"));
                await AddressAsync(sim, world, Ours);
                await MakeAsync(world, "firewalls", $"{Ours}-wall", Labels(Ours, machine: null));
                await KeyAsync(world, Ours);

                world.Start();
                await sim.AdvanceAsync(s_longEnough);

                Assert.Equal(4, All(world).Count);
                Assert.All(
                    All(world),
                    thing =>
                        Assert.Contains(
                            Told(world),
                            text =>
                                text.StartsWith("OrphanKept", StringComparison.Ordinal)
                                && text.Contains(
                                    $"({thing[(thing.IndexOf(' ', StringComparison.Ordinal) + 1)..]})",
                                    StringComparison.Ordinal
                                )
                        )
                );
            }
        );

    [Fact]
    public void The_most_that_goes_in_one_sweep_holds_for_all_kinds_together() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await WorldAsync(sim);
                for (var i = 0; i < 4; i++)
                    await VolumeAsync(world, Ours, $"v{i}", (Names.ServerLabels.OnDelete, "delete"));
                for (var i = 0; i < 3; i++)
                    await MakeAsync(world, "firewalls", $"{Ours}-wall{i}", Labels(Ours, machine: null));
                await sim.AdvanceAsync(TimeSpan.FromHours(2));
                world.Start(setup => setup.Replace = Deleting(5));

                await sim.UntilAsync(() => All(world).Count < 7, TimeSpan.FromHours(2), "a sweep");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
                var afterOne = All(world).Count;
                await sim.AdvanceAsync(s_longEnough);

                Assert.Equal((2, 0), (afterOne, All(world).Count));
            }
        );

    /// <summary>The firewall and the key that the operator remembers to have made may be gone with the last Machine: the next one gets new ones.</summary>
    [Theory, Seeds(2)]
    public void What_all_Machines_share_stays_while_one_lives_and_is_made_again_after_it_went(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await WorldAsync(sim);
                world.Create(Story.RichNode());
                world.Start(setup => setup.Replace = Deleting());
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                await sim.AdvanceAsync(s_longEnough);
                Assert.Equal(4, All(world).Count);
                Assert.True(world.IsReady());

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
                await sim.AdvanceAsync(s_longEnough);
                Assert.Empty(All(world));

                world.Create(A.Node("next"));
                await sim.UntilAsync(() => world.IsReady("next"), Story.Patience, "the next node is ready");
                Assert.Single(world.Hetzner.Firewalls());
                Assert.Single(world.Hetzner.SshKeys());
            }
        );

    private static Action<IServiceCollection> Deleting(int most = 10) =>
        services => services.AddSingleton(new SweepOptions { DryRun = false, MaxDeletes = most });

    private static Task<VirtualWorld> WorldAsync(Simulation sim)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        return Task.FromResult(world);
    }

    private static List<string> All(VirtualWorld world) =>
        [
            .. Of("address", world.Hetzner.PrimaryIps())
                .Concat(Of("firewall", world.Hetzner.Firewalls()))
                .Concat(Of("key", world.Hetzner.SshKeys()))
                .Concat(Of("volume", world.Hetzner.Volumes()))
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Of(string kind, IEnumerable<JsonObject> things) =>
        things.Select(thing => $"{kind} {thing["name"]}");

    private static List<string> Told(VirtualWorld world) =>
        [.. world.All<Eventsv1Event>(VirtualWorld.System).Select(told => $"{told.Reason} {told.Note}")];

    private static Dictionary<string, string> Labels(string installation, string? machine = "gone00000000000000")
    {
        var labels = new Dictionary<string, string>
        {
            [Names.ServerLabels.ManagedBy] = "sam",
            [Names.ServerLabels.Installation] = installation,
        };
        if (machine is not null)
            labels[Names.ServerLabels.Machine] = machine;
        return labels;
    }

    private static Task VolumeAsync(
        VirtualWorld world,
        string installation,
        string name,
        params (string Key, string Value)[] more
    )
    {
        var labels = Labels(installation);
        foreach (var (key, value) in more)
            labels[key] = value;
        return PostAsync(
            world,
            "volumes",
            new
            {
                name = $"{installation}-{name}",
                size = 10,
                location = "fsn1",
                labels,
            }
        );
    }

    private static Task MakeAsync(VirtualWorld world, string kind, string name, Dictionary<string, string> labels) =>
        PostAsync(world, kind, new { name, labels });

    private static Task KeyAsync(VirtualWorld world, string installation) =>
        PostAsync(
            world,
            "ssh_keys",
            new
            {
                name = $"{installation}-key",
                public_key = PlaceholderKey.Of(installation),
                labels = Labels(installation, machine: null),
            }
        );

    /// <summary>An address that stayed when its server went.</summary>
    private static async Task AddressAsync(Simulation sim, VirtualWorld world, string name)
    {
        var made = await PostAsync(
            world,
            "servers",
            new
            {
                name,
                server_type = "cx23",
                image = "docker-ce",
                location = "fsn1",
            }
        );
        await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        var address = (long)made!["server"]!["public_net"]!["ipv4"]!["id"]!;
        await world.AtProviderAsync(
            HttpMethod.Put,
            $"primary_ips/{address}",
            JsonSerializer.Serialize(
                new
                {
                    name,
                    auto_delete = false,
                    labels = Labels(name),
                }
            )
        );
        await world.AtProviderAsync(HttpMethod.Delete, $"servers/{made["server"]!["id"]}");
        await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
    }

    private static Task<JsonNode?> PostAsync(VirtualWorld world, string kind, object body) =>
        world.AtProviderAsync(HttpMethod.Post, kind, JsonSerializer.Serialize(body));
}
