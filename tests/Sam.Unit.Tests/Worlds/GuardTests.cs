using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>The firewall in front of every server: there from its first moment, one a role, right again after hands (step <c>GuardServer</c>) and after a change of the operator's addresses.</summary>
public sealed class GuardTests
{
    private const string Old = "198.51.100.1/32";
    private const string New = "203.0.113.9/32";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    [Theory, Seeds(2)]
    public void Two_hundred_at_once_share_one_firewall_and_one_key_and_none_is_ever_open(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = World(sim, 200);
                var open = 0;
                world.Gate.Passed = effect => open += effect.EndsWith("/servers", StringComparison.Ordinal) ? Open(world) : 0;
                world.Start(From(Old));

                await ReadyAsync(sim, world, 200);

                Assert.Equal(0, open);
                Assert.Equal([1], world.Hetzner.EverMade("firewall").Values);
                var key = (string)Assert.Single(world.Hetzner.SshKeys())["name"]!;
                Assert.All(world.Hetzner.Servers(), server => Assert.Equal([key], server.SshKeys));
                Assert.DoesNotContain(
                    world.Hetzner.Calls().Keys,
                    call =>
                        call.EndsWith(" 429", StringComparison.Ordinal)
                        || call.StartsWith("POST /ssh_keys 4", StringComparison.Ordinal)
                );
            }
        );

    [Theory, Seeds(4)]
    public void All_firewalls_let_the_new_addresses_in_before_one_keeps_the_old_ones_out(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await ReadyWorldAsync(sim);
                var moments = new List<string[]>();
                world.Gate.Passed = effect => Note(world, effect, moments);

                world.Start(From(New));
                await UntilOnlyAsync(sim, world, New);

                Assert.Equal(4, moments.Count);
                Assert.All(moments, AddsBeforeItDrops);
            }
        );

    [Theory, Seeds(4)]
    public void A_process_that_ends_between_adding_and_dropping_harms_nothing_and_the_next_one_finishes(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await ReadyWorldAsync(sim);
                var moments = new List<string[]>();
                SimulatedOperator? second = null;
                world.Gate.Passed = effect =>
                {
                    Note(world, effect, moments);
                    if (moments.Count == 1 + (seed % 3))
                        second!.Kill();
                };
                second = world.Start(From(New));
                await sim.EachSecondAsync(() => second.IsDead, s_patience, "the end of the second process");
                world.Gate.Passed = effect => Note(world, effect, moments);

                world.Start(From(New));
                await UntilOnlyAsync(sim, world, New);

                Assert.All(moments, AddsBeforeItDrops);
            }
        );

    [Theory, Seeds(2)]
    public void Rules_and_servers_that_somebody_changed_by_hand_are_put_right_and_told_of(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = World(sim, 1);
                world.Start(From(Old));
                await ReadyAsync(sim, world, 1);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
                var firewall = Id(world.Hetzner.Firewalls()[0]);

                await PostAsync(world, $"firewalls/{firewall}/actions/set_rules", """{"rules":[]}""");
                await PostAsync(
                    world,
                    $"firewalls/{firewall}/actions/remove_from_resources",
                    $$$"""{"remove_from":[{"type":"server","server":{"id":{{{world.Hetzner.Servers()[0].Id}}}}}]}"""
                );
                await sim.EachSecondAsync(
                    () => Open(world) == 0 && EngineSources(world) is [Old],
                    s_patience,
                    "rules and server as they were"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));

                var told = world.All<Eventsv1Event>().Select(item => item.Reason).ToList();
                Assert.Contains("FirewallRulesRestored", told);
                Assert.Contains("FirewallRestored", told);
            }
        );

    [Theory, Seeds(2)]
    public void Somebody_elses_firewall_or_key_of_that_name_stalls_the_order_and_is_named(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                foreach (var what in (string[])["firewall", "key"])
                {
                    using var world = World(sim, 1);
                    var first = world.Start(From(Old));
                    await ReadyAsync(sim, world, 1);
                    first.Kill();
                    var (mine, path) =
                        what == "key" ? (world.Hetzner.SshKeys()[0], "ssh_keys") : (world.Hetzner.Firewalls()[0], "firewalls");
                    await TakeNameAsync(world, mine, path);
                    world.Create(Machine("late"));

                    world.Start(From(Old));
                    await sim.EachSecondAsync(() => Stalled(world, "late") is not null, s_patience, "a stalled order");

                    Assert.Contains((string)mine["name"]!, Stalled(world, "late"), StringComparison.Ordinal);
                    Assert.Equal(1, world.Hetzner.ServersCreated());
                }
            }
        );

    [Theory, Seeds(2)]
    public void A_network_that_the_account_lacks_stalls_with_the_fields_name_and_a_made_one_lets_it_go_on(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = World(sim, 0);
                var machine = Machine("inside");
                machine.Spec.Network = "backend";
                world.Create(machine);
                world.Start(From(Old));
                await sim.EachSecondAsync(() => Stalled(world, "inside") is not null, s_patience, "a stalled order");
                var (message, bought) = (Stalled(world, "inside"), world.Hetzner.ServersCreated());

                await PostAsync(
                    world,
                    "networks",
                    """{"name":"backend","ip_range":"10.0.0.0/16","subnets":[{"type":"cloud","network_zone":"eu-central","ip_range":"10.0.1.0/24"}]}"""
                );
                await sim.EachSecondAsync(
                    () => world.Find<Machine>("inside")!.Status.PrivateIPv4 is not null,
                    s_patience,
                    "a private address"
                );

                Assert.Equal(0, bought);
                Assert.Contains("spec.network", message, StringComparison.Ordinal);
                Assert.StartsWith("10.0.", world.Find<Machine>("inside")!.Status.PrivateIPv4, StringComparison.Ordinal);
            }
        );

    private static VirtualWorld World(Simulation sim, int machines)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project().With(project => project.Spec.Limits = new ProjectLimits { Machines = 2_000 }));
        for (var i = 0; i < machines; i++)
            world.Create(Machine($"m{i}"));
        return world;
    }

    /// <summary>Two Machines behind two firewalls, and nobody who looks after them.</summary>
    private static async Task<VirtualWorld> ReadyWorldAsync(Simulation sim)
    {
        var world = World(sim, 1);
        world.Create(Machine("site", MachineRole.Deployment));
        var first = world.Start(From(Old));
        await ReadyAsync(sim, world, 2);
        first.Kill();
        await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
        return world;
    }

    private static Action<SimulatedOperatorSetup> From(string source) =>
        setup => setup.Replace = services => services.AddSingleton(new FirewallOptions { EngineSources = [source] });

    private static Task ReadyAsync(Simulation sim, VirtualWorld world, int count) =>
        sim.EachSecondAsync(
            () => world.Count<Machine>(machine => machine["status"]?["bootedAt"] is not null) == count,
            s_patience,
            "Machines that serve"
        );

    private static Task UntilOnlyAsync(Simulation sim, VirtualWorld world, string source) =>
        sim.EachSecondAsync(() => EngineSources(world).All(found => found == source), s_patience, $"rules for {source} alone");

    private static void Note(VirtualWorld world, string effect, List<string[]> moments)
    {
        if (effect.EndsWith("/set_rules", StringComparison.Ordinal))
            moments.Add(EngineSources(world));
    }

    /// <summary>Where one keeps the old ones out, all let the new ones in.</summary>
    private static void AddsBeforeItDrops(string[] firewalls) =>
        Assert.True(
            firewalls.All(sources => sources.Contains(Old, StringComparison.Ordinal))
                || firewalls.All(sources => sources.Contains(New, StringComparison.Ordinal)),
            string.Join(" | ", firewalls)
        );

    /// <summary>Who reaches the engine's port, by firewall.</summary>
    private static string[] EngineSources(VirtualWorld world) =>
        [
            .. world
                .Hetzner.Firewalls()
                .Select(firewall =>
                    string.Join(
                        ',',
                        firewall["rules"]!
                            .AsArray()
                            .Where(rule => (string?)rule!["port"] == "2376")
                            .SelectMany(rule => rule!["source_ips"]!.AsArray().Select(source => (string)source!))
                    )
                ),
        ];

    private static int Open(VirtualWorld world)
    {
        var guarded = world
            .Hetzner.Firewalls()
            .SelectMany(firewall => firewall["applied_to"]!.AsArray())
            .Select(applied => (long)applied!["server"]!["id"]!)
            .ToHashSet();
        return world.Hetzner.Servers().Count(server => !guarded.Contains(server.Id));
    }

    private static string? Stalled(VirtualWorld world, string name) =>
        world.Find<Machine>(name)!.Status.Conditions.FirstOrDefault(condition => condition.Reason == "RequestRejected")?.Message;

    private static long Id(JsonObject thing) => (long)thing["id"]!;

    /// <summary>Ours is renamed, and a stranger's gets the name.</summary>
    private static async Task TakeNameAsync(VirtualWorld world, JsonObject mine, string path)
    {
        using var renamed = await SendAsync(world, HttpMethod.Put, $"{path}/{Id(mine)}", """{"name":"other","labels":{}}""");
        if (path == "ssh_keys")
        {
            using var gone = await SendAsync(world, HttpMethod.Delete, $"{path}/{Id(mine)}", null);
            await PostAsync(
                world,
                path,
                $$"""{"name":"{{mine["name"]}}","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"}"""
            );
            return;
        }

        await PostAsync(world, path, $$"""{"name":"{{mine["name"]}}","rules":[]}""");
    }

    private static async Task PostAsync(VirtualWorld world, string path, string body)
    {
        using var answer = await SendAsync(world, HttpMethod.Post, path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
    }

    private static async Task<HttpResponseMessage> SendAsync(VirtualWorld world, HttpMethod method, string path, string? body)
    {
        using var client = new HttpMessageInvoker(world.Hetzner.CreateHandler());
        using var request = new HttpRequestMessage(method, new Uri($"https://hetzner.test/v1/{path}"));
        request.Headers.Authorization = new("Bearer", Sam.Simulators.Hetzner.HetznerSimulatorOptions.DefaultToken);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await client.SendAsync(request, CancellationToken.None);
    }

    private static Machine Machine(string name, MachineRole role = MachineRole.Workspace) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new MachineSpec
            {
                MachineId = $"{name}00000000000000",
                Role = role,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
            },
        };
}
