using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>What a server is tied to: volumes, firewalls, networks, its address. The project's lock is held.</summary>
internal static class ServerLinks
{
    /// <summary>The first reference of a create that leads nowhere; null if all lead somewhere.</summary>
    public static Answer? Wrong(HetznerCall call, JsonObject body, SimLocation location)
    {
        var project = call.Project;
        foreach (var key in body["ssh_keys"] as JsonArray ?? [])
        {
            var word = CreateValidation.Word(key);
            if (!project.SshKeys.Values.Any(stored => CreateValidation.Names(word, stored.Id, stored.Name)))
                return Answer.Invalid("ssh_keys", $"SSH key '{word}' not found");
        }
        if (Ids(body["firewalls"], "firewall").Any(id => !project.Firewalls.ContainsKey(id)))
            return Answer.Invalid("firewalls", "firewall not found");
        if (Ids(body["networks"]).Any(id => !project.Networks.ContainsKey(id)))
            return Answer.Invalid("networks", "network not found");
        foreach (var id in Ids(body["volumes"]))
        {
            if (!project.Volumes.TryGetValue(id, out var volume))
                return Answer.Invalid("volumes", "volume not found");
            if (volume.Server is not null || volume.Location != location)
                return Answer.Invalid("volumes", "volume is attached, or in another location");
        }
        return Address(body) is { } address ? WrongAddress(project, address, location) : null;
    }

    /// <summary>Ties a server that was just made.</summary>
    public static void Tie(HetznerProject project, SimServer server, JsonObject body, string address, long addressId)
    {
        foreach (var id in Ids(body["firewalls"], "firewall"))
            project.Firewalls[id].Servers.Add(server.Id);
        foreach (var id in Ids(body["networks"]))
            project.Networks[id].Join(server.Id);
        foreach (var id in Ids(body["volumes"]))
            project.Volumes[id].Server = server;
        if (body["public_net"]?["enable_ipv4"]?.GetValue<bool>() == false)
            return;
        var ip = Address(body) is { } given
            ? project.PrimaryIps[given]
            : new SimPrimaryIp(addressId, $"primary_ip-{addressId}", address, server.Location, project.Now);
        project.PrimaryIps[ip.Id] = ip;
        (ip.Server, server.PrimaryIp) = (server, ip);
    }

    /// <summary>Unties one that is gone; an address that was told to stay does.</summary>
    public static void Untie(HetznerProject project, SimServer server)
    {
        foreach (var firewall in project.Firewalls.Values)
            firewall.Servers.Remove(server.Id);
        foreach (var network in project.Networks.Values)
            network.Servers.Remove(server.Id);
        foreach (var volume in project.Volumes.Values.Where(volume => volume.Server == server))
            volume.Server = null;
        if (server.PrimaryIp is not { } ip)
            return;
        (ip.Server, server.PrimaryIp) = (null, null);
        if (ip.AutoDelete)
            project.PrimaryIps.Remove(ip.Id);
    }

    /// <summary>The address that a create asks for by id.</summary>
    public static long? Address(JsonObject body) =>
        body["public_net"]?["ipv4"] is { } node && node.GetValueKind() == JsonValueKind.Number ? node.GetValue<long>() : null;

    private static Answer? WrongAddress(HetznerProject project, long id, SimLocation location) =>
        project.PrimaryIps.GetValueOrDefault(id) switch
        {
            null => Answer.Invalid("public_net.ipv4", "Primary IP not found"),
            { Server: not null } => Answer.Error(422, "primary_ip_assigned", "the Primary IP is assigned already"),
            { Location: var place } when place != location => Answer.Error(
                422,
                "primary_ip_datacenter_mismatch",
                "the Primary IP is in another location"
            ),
            _ => null,
        };

    private static IEnumerable<long> Ids(JsonNode? list, string? member = null) =>
        (list as JsonArray ?? []).Select(item =>
            long.TryParse(
                CreateValidation.Word(member is null ? item : item?[member]),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var id
            )
                ? id
                : 0
        );
}
