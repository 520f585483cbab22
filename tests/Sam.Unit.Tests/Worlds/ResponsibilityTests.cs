using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Sweep;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>
/// For each server at the provider and each Machine in the cluster exactly one rule says what is to be done; and the controllers and the sweep do just that.
/// </summary>
public sealed class ResponsibilityTests
{
    private const string Id = "pairpairpairpair";
    private const string Name = "pair";

    /// <summary>What is at the provider under the Machine's name.</summary>
    public enum Server
    {
        None,
        Running,
        Off,
        Deleting,
        Kept,
        Foreign,
    }

    /// <summary>What the cluster knows.</summary>
    public enum Object
    {
        None,
        Fresh,
        Claimed,
        Known,
        Taking,
        Ending,
        EndingKnown,
        EndingKept,
    }

    /// <summary>What is to be done.</summary>
    public enum Deed
    {
        Nothing,
        Buy,
        Use,
        SwitchOn,
        TellGone,
        TellNameTaken,
        RefuseTaking,
        Delete,
        Go,
        TellLeft,
        Mark,
        Sweep,
    }

    private sealed record Rule(Deed Deed, Object[] Machines, Server[] Servers);

    private static readonly Object[] s_living = [Object.Fresh, Object.Claimed, Object.Known, Object.Taking];

    // A server with our labels is ours whatever its state; one that is kept on purpose is no orphan; one without them is a matter of its name alone.
    private static readonly Rule[] s_rules =
    [
        new(Deed.Nothing, [Object.None], [Server.None, Server.Deleting, Server.Kept, Server.Foreign]),
        new(Deed.Sweep, [Object.None], [Server.Running, Server.Off]),
        new(Deed.Buy, [Object.Fresh, Object.Claimed], [Server.None]),
        new(Deed.TellNameTaken, [Object.Fresh, Object.Claimed], [Server.Foreign]),
        new(Deed.Use, s_living, [Server.Running, Server.Kept]),
        new(Deed.SwitchOn, s_living, [Server.Off]),
        new(Deed.TellGone, s_living, [Server.Deleting]),
        new(Deed.TellGone, [Object.Known], [Server.None, Server.Foreign]),
        new(Deed.RefuseTaking, [Object.Taking], [Server.None, Server.Foreign]),
        new(Deed.Delete, [Object.Ending, Object.EndingKnown], [Server.Running, Server.Off, Server.Deleting, Server.Kept]),
        new(Deed.Mark, [Object.EndingKept], [Server.Running, Server.Off, Server.Deleting, Server.Kept]),
        new(Deed.Go, [Object.Ending, Object.EndingKnown, Object.EndingKept], [Server.None]),
        new(Deed.Go, [Object.EndingKnown, Object.EndingKept], [Server.Foreign]),
        new(Deed.TellLeft, [Object.Ending], [Server.Foreign]),
    ];

    public static TheoryData<Server, Object> Pairs
    {
        get
        {
            var pairs = new TheoryData<Server, Object>();
            foreach (var server in Enum.GetValues<Server>())
            foreach (var machine in Enum.GetValues<Object>())
                pairs.Add(server, machine);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Exactly_one_rule_is_responsible(Server server, Object machine) =>
        Assert.Single(s_rules, rule => rule.Machines.Contains(machine) && rule.Servers.Contains(server));

    [Theory, MemberData(nameof(Pairs))]
    public void The_operator_does_what_the_rule_says(Server server, Object machine) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                var id = await AtProviderAsync(sim, world, server);
                InCluster(world, machine, id);
                world.Start(setup => setup.Replace = services => services.AddSingleton(new SweepOptions { DryRun = false }));

                await sim.AdvanceAsync(TimeSpan.FromMinutes(machine is Object.None ? 150 : 4));

                var rule = Assert.Single(s_rules, rule => rule.Machines.Contains(machine) && rule.Servers.Contains(server));
                Assert.True(
                    IsDone(world, rule.Deed, id),
                    $"{rule.Deed}: {Told(world)}; {string.Join(", ", world.Hetzner.Calls())}"
                );
            }
        );

    private static bool IsDone(VirtualWorld world, Deed deed, long? id)
    {
        var (bought, deleted) = (world.Calls("POST /servers 201"), world.Calls("DELETE /servers/{id} 200"));
        var reason = Reason(world);
        return deed switch
        {
            Deed.Nothing => bought == 0 && deleted == 0,
            Deed.Buy => bought == 1 && reason == Provisioned.ServerRunning.Name,
            Deed.Use => bought == 0 && deleted == 0 && reason == Provisioned.ServerRunning.Name && IsId(world, id),
            Deed.SwitchOn => bought == 0 && world.Calls("POST /servers/{id}/actions/poweron 201") >= 1 && IsId(world, id),
            Deed.TellGone => bought == 0 && deleted == 0 && reason == Provisioned.ServerGone.Name,
            Deed.TellNameTaken => bought == 0 && reason == Provisioned.NameTaken.Name,
            Deed.RefuseTaking => bought == 0 && reason == Provisioned.AdoptionRefused.Name,
            Deed.Delete => bought == 0 && world.Hetzner.Servers().Count == 0 && world.Find<Machine>(Name) is null,
            Deed.Go => bought == 0 && deleted == 0 && world.Find<Machine>(Name) is null,
            Deed.TellLeft => deleted == 0 && reason == Provisioned.DeletionBlocked.Name,
            Deed.Mark => deleted == 0 && world.Find<Machine>(Name) is null,
            Deed.Sweep => bought == 0 && deleted == 1,
            _ => throw new InvalidOperationException($"Unhandled deed {deed}"),
        };
    }

    private static bool IsId(VirtualWorld world, long? id) => world.Find<Machine>(Name)!.Status.ServerId == id;

    private static string? Reason(VirtualWorld world) =>
        world.Find<Machine>(Name)?.Status.Conditions.FirstOrDefault(found => found.Type == "Provisioned")?.Reason;

    private static string Told(VirtualWorld world) =>
        world.Raw<Machine>(Name)?["status"]?["conditions"]?.ToJsonString() ?? "no Machine";

    private static async Task<long?> AtProviderAsync(Simulation sim, VirtualWorld world, Server server)
    {
        if (server == Server.None)
            return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (server != Server.Foreign)
        {
            labels[Names.ServerLabels.ManagedBy] = "sam";
            labels[Names.ServerLabels.Installation] = VirtualInstallation.Id;
            labels[Names.ServerLabels.Machine] = Id;
            labels[Names.ServerLabels.Role] = "workspace";
        }
        if (server == Server.Kept)
            labels[Names.ServerLabels.Retained] = "true";
        var made = await world.AtProviderAsync(
            HttpMethod.Post,
            "servers",
            JsonSerializer.Serialize(
                new
                {
                    name = $"sam-{Id}",
                    server_type = "cx23",
                    location = "fsn1",
                    image = "docker-ce",
                    labels,
                }
            )
        );
        var id = made!["server"]!["id"]!.GetValue<long>();
        await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        if (server == Server.Off)
            await world.AtProviderAsync(HttpMethod.Post, $"servers/{id}/actions/poweroff");
        await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        if (server == Server.Deleting)
        {
            world.Hetzner.Faults.Play(
                new Sam.Simulators.Hetzner.HetznerFault(Sam.Simulators.Hetzner.HetznerFaults.DeleteStuck)
                {
                    Count = 1,
                    Delay = TimeSpan.FromMinutes(3),
                }
            );
            await world.AtProviderAsync(HttpMethod.Delete, $"servers/{id}");
        }

        world.Hetzner.ForgetCalls();
        return id;
    }

    private static void InCluster(VirtualWorld world, Object state, long? id)
    {
        if (state == Object.None)
            return;
        var ends = state is Object.Ending or Object.EndingKnown or Object.EndingKept;
        var machine = new Machine
        {
            Metadata = new V1ObjectMeta { Name = Name, Finalizers = [Names.Finalizer] },
            Spec = new MachineSpec
            {
                MachineId = Id,
                Role = MachineRole.Workspace,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
                AdoptServerId = state == Object.Taking ? id ?? 4711 : null,
                DeletionPolicy = state == Object.EndingKept ? DeletionPolicy.Retain : DeletionPolicy.Delete,
            },
        };
        // An id that the provider no longer knows, where there is no server or it is somebody else's.
        if (state is Object.Known or Object.EndingKnown or Object.EndingKept)
            machine.Status.ServerId = IsOurs(world, id) ? id : 4711;
        if (state is Object.Claimed or Object.Ending)
            machine.Status.Claim = new MachineClaim
            {
                ServerType = "cx23",
                Location = "fsn1",
                At = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
            };
        world.Create(machine);
        if (ends)
            world.Delete<Machine>(Name);
    }

    private static bool IsOurs(VirtualWorld world, long? id) =>
        world.Hetzner.Servers().Any(server => server.Id == id && server.Labels.Count > 0);
}
