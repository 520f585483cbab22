using Sam.Crds;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Installation;
using Sam.Rules.Sweeps;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>What an installation may have in an account beside servers: how it is listed, what matters of it, how it is deleted.</summary>
internal sealed class SweptThings(InstallationIdentity installation, FirewallPlan firewalls, OrderSupplies supplies)
{
    /// <summary>Everything of this installation but servers, in the order in which it can be deleted.</summary>
    public async Task<IReadOnlyList<FoundThing>> ListAsync(IHetzner client, CancellationToken cancellationToken)
    {
        var selector = HetznerLabels.SelectorFor(installation.Id);
        return
        [
            .. (await client.ListVolumesAsync(selector, Spending.Sweep, cancellationToken)).Select(Of),
            .. (await client.ListPrimaryIpsAsync(selector, Spending.Sweep, cancellationToken)).Select(Of),
            .. (await client.ListFirewallsAsync(selector, cancellationToken)).Select(Of),
            .. (await client.ListSshKeysAsync(selector, cancellationToken)).Select(Of),
        ];
    }

    /// <summary>Deletes one.</summary>
    public static Task<DeleteOutcome> DeleteAsync(IHetzner client, FoundThing thing, CancellationToken cancellationToken) =>
        thing.Kind switch
        {
            "server" => client.DeleteServerAsync(thing.Id, cancellationToken),
            "volume" => client.DeleteVolumeAsync(thing.Id, cancellationToken),
            "address" => client.DeletePrimaryIpAsync(thing.Id, cancellationToken),
            "firewall" => client.DeleteFirewallAsync(thing.Id, cancellationToken),
            "SSH key" => client.DeleteSshKeyAsync(thing.Id, cancellationToken),
            var other => throw new InvalidOperationException($"Unhandled kind {other}"),
        };

    /// <summary>What matters of a server.</summary>
    public static FoundThing Of(Server server) =>
        Labelled(
            server.Id,
            server.Labels,
            server.Created,
            server.Volumes.Count > 0 || server.Labels.GetValueOrDefault(Names.ServerLabels.Role) != "workspace",
            server.DeleteProtected
        ) with
        {
            Kind = "server",
            Name = server.Name,
        };

    private static FoundThing Of(Volume volume) =>
        Labelled(
            volume.Id,
            volume.Labels,
            volume.Created,
            volume.Labels.GetValueOrDefault(Names.ServerLabels.OnDelete) != "delete",
            volume.DeleteProtected
        ) with
        {
            Kind = "volume",
            Name = volume.Name,
            IsInUse = volume.ServerId is not null,
        };

    private static FoundThing Of(PrimaryIp address) =>
        Labelled(address.Id, address.Labels, address.Created, false, address.DeleteProtected) with
        {
            Kind = "address",
            Name = address.Name,
            IsInUse = address.AssigneeId is not null,
        };

    private FoundThing Of(Firewall firewall) =>
        Labelled(firewall.Id, firewall.Labels, firewall.Created, false, false) with
        {
            Kind = "firewall",
            Name = firewall.Name,
            IsInUse = firewall.IsInUse,
            IsShared = true,
            IsPlanned = firewalls.Knows(firewall.Name),
        };

    private FoundThing Of(SshKey key) =>
        Labelled(key.Id, key.Labels, key.Created, false, false) with
        {
            Kind = "SSH key",
            Name = key.Name,
            IsShared = true,
            IsPlanned = key.Name == supplies.KeyName,
        };

    private static FoundThing Labelled(
        long id,
        IReadOnlyDictionary<string, string> labels,
        DateTimeOffset created,
        bool holdsData,
        bool isProtected
    ) =>
        new(
            id,
            labels.GetValueOrDefault(Names.ServerLabels.ManagedBy) == HetznerLabels.Sam,
            labels.GetValueOrDefault(Names.ServerLabels.Installation),
            labels.GetValueOrDefault(Names.ServerLabels.Machine),
            created,
            holdsData,
            isProtected
        )
        {
            IsRetained = labels.ContainsKey(Names.ServerLabels.Retained),
        };
}
