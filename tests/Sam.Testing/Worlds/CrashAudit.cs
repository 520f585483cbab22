using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;

namespace Sam.Testing.Worlds;

/// <summary>Counts what is left at the provider and in the cluster, from outside.</summary>
internal static class CrashAudit
{
    /// <summary>What is not as the users wanted it, in words.</summary>
    public static IReadOnlyList<string> Unfinished(VirtualWorld world, IEnumerable<string> kept, IEnumerable<string> deleted) =>
        [
            .. kept.Where(name => !IsReady(world.Raw<DeploymentNode>(name)))
                .Select(name => $"stuck: node {name} is not Ready: {Why(world, name)}"),
            .. deleted
                .Where(name => world.Raw<DeploymentNode>(name) is not null)
                .Select(name => $"stuck: node {name} is not gone: {Why(world, name)}"),
        ];

    /// <summary>What is leaked or duplicated, in words.</summary>
    public static IEnumerable<string> Wrongs(VirtualWorld world)
    {
        var machines = world.All<Machine>().ToDictionary(machine => machine.Spec.MachineId);
        var servers = world.Hetzner.Servers().Where(server => server.Status != "deleting").ToList();
        foreach (var group in servers.GroupBy(MachineOf).Where(group => group.Count() > 1))
            yield return $"duplicated: {group.Count()} servers of Machine {group.Key}";
        foreach (var kind in (string[])["server", "volume", "firewall", "ssh_key"])
        {
            // Once each in the whole story, even if one is gone again; what an account shares is made again if somebody deleted it.
            var most = kind is "server" or "volume" ? 1 : 4;
            foreach (var (name, times) in world.Hetzner.EverMade(kind).Where(made => made.Value > most))
                yield return $"duplicated: {kind} {name} was made {times} times";
        }

        foreach (var thing in world.Hetzner.Volumes().Concat(world.Hetzner.PrimaryIps().Where(IsKept)))
        {
            if (!machines.ContainsKey((string?)thing["labels"]?[Names.ServerLabels.Machine] ?? ""))
                yield return $"leaked: {thing["name"]}";
        }

        foreach (var server in servers.Where(server => !machines.ContainsKey(MachineOf(server))))
            yield return $"leaked: server {server.Name}";
        foreach (var machine in machines.Values)
        {
            if (servers.All(server => server.Id != machine.Status.ServerId))
                yield return $"lost: Machine {machine.Metadata.Name} has no server {machine.Status.ServerId}";
            var owner = machine.Metadata.OwnerReferences?.FirstOrDefault()?.Name;
            if (
                owner is null
                || world.Raw<DeploymentNode>(owner)?["status"]?["machineId"]?.GetValue<string>() != machine.Spec.MachineId
            )
                yield return $"leaked: Machine {machine.Metadata.Name} of node {owner}";
        }

        var copies = world
            .All<V1Secret>(VirtualInstallation.Home)
            .Where(secret => secret.Metadata.Name.StartsWith("machine-", StringComparison.Ordinal));
        foreach (var copy in copies.Where(copy => !machines.ContainsKey(copy.Metadata.Name["machine-".Length..])))
            yield return $"leaked: Secret {copy.Metadata.Name}";
    }

    /// <summary>How often the Lease went from one process to another, as the Lease itself counts.</summary>
    public static int HandOvers(VirtualWorld world) =>
        world.All<V1Lease>(VirtualInstallation.Home).Sum(lease => lease.Spec.LeaseTransitions ?? 0);

    private static bool IsKept(JsonObject address) => !address["auto_delete"]!.GetValue<bool>();

    private static string MachineOf(SimulatedServer server) => server.Labels.GetValueOrDefault(Names.ServerLabels.Machine) ?? "";

    private static bool IsReady(JsonObject? node) =>
        node?["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(condition =>
            condition!["type"]!.GetValue<string>() == "Ready" && condition["status"]!.GetValue<string>() == "True"
        );

    private static string Why(VirtualWorld world, string name) =>
        string.Join(
            "; ",
            world
                .All<Machine>()
                .Where(machine => machine.Metadata.OwnerReferences?.Any(owner => owner.Name == name) == true)
                .SelectMany(machine => machine.Status.Conditions)
                .Where(condition => condition.Status != "True")
                .Select(condition => $"{condition.Type}={condition.Reason} {condition.Message}")
        ) + $" node: {world.Raw<DeploymentNode>(name)?["status"]?["conditions"]?.ToJsonString()}";
}
