using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// Gives the server the address that another Machine handed over. A server takes an address only while it is off and has no other one
/// (docs.hetzner.cloud, Primary IP actions), so it is switched off for a moment. Each round looks how things are and does the next thing; repeating one is harmless.
/// </summary>
internal sealed class AddressTakeover(IHetznerClients clients, ServerLookup lookup, ILeadership leadership)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>Null if there is nothing to take over; else what is waited for.</summary>
    public async Task<StepResult?> RunAsync(MachineContext context, long serverId, CancellationToken cancellationToken)
    {
        var client = clients.For(context.Token!.Value);
        var ours = await client.ListPrimaryIpsAsync(lookup.SelectorOf(context.Machine), Spending.Create, cancellationToken);
        var coming = ours.FirstOrDefault(address => address.Name == context.ServerName);
        // Past the list: what may be done next depends on how the server is now.
        if (coming is null || await lookup.GetAsync(context.Token!.Value, serverId, cancellationToken) is not { } server)
            return null;
        leadership.ThrowIfNotLeader();
        try
        {
            return coming.AssigneeId == server.Id
                ? await EndAsync(context, server, coming, ours, cancellationToken)
                : await NextAsync(context, server, coming, cancellationToken);
        }
        catch (HetznerException e) when (e.Kind is HetznerErrorKind.Conflict or HetznerErrorKind.Invalid)
        {
            return Moving(coming, e.Message);
        }
        finally
        {
            lookup.Invalidate(context.Token!.Value);
        }
    }

    private async Task<StepResult> NextAsync(
        MachineContext context,
        Server server,
        PrimaryIp coming,
        CancellationToken cancellationToken
    )
    {
        var (client, status) = (clients.For(context.Token!.Value), context.Machine.Status);
        // Before the server is switched off for nothing.
        if (coming.AssigneeId is { } other)
            return Moving(coming, $"it is assigned to server {other}; unassign it there");
        if (status.AddressMoving != true)
        {
            // Before it is off: a server that is found off is switched on otherwise.
            status.AddressMoving = true;
            await context.Run.CheckpointAsync(cancellationToken);
        }

        if (server.Locked)
            return Moving(coming, "the provider is at work on the server");
        // Found by its labels until it is given back, whatever happens in between.
        if (server.PrimaryIPv4Id is { } first)
            await client.KeepPrimaryIpAsync(first, SpareOf(context), lookup.LabelsOf(context.Machine), cancellationToken);
        if (server.Status != ServerStatus.Off)
        {
            await client.PowerOffAsync(server.Id, cancellationToken);
            return Moving(coming, $"server {server.Id} is switched off for it");
        }

        if (server.PrimaryIPv4Id is { } own)
            await client.UnassignPrimaryIpAsync(own, cancellationToken);
        else
            await client.AssignPrimaryIpAsync(coming.Id, server.Id, cancellationToken);
        return Moving(coming, $"server {server.Id} is off and gets it");
    }

    private async Task<StepResult> EndAsync(
        MachineContext context,
        Server server,
        PrimaryIp arrived,
        IEnumerable<PrimaryIp> ours,
        CancellationToken cancellationToken
    )
    {
        var (client, status) = (clients.For(context.Token!.Value), context.Machine.Status);
        if (server.Status == ServerStatus.Off)
        {
            await client.PowerOnAsync(server.Id, cancellationToken);
            return Moving(arrived, $"server {server.Id} is switched on again");
        }

        foreach (var spare in ours.Where(address => address.Name == SpareOf(context) && address.AssigneeId is null))
        {
            if (
                await client.DeletePrimaryIpAsync(spare.Id, cancellationToken)
                is not (DeleteOutcome.Deleted or DeleteOutcome.Gone)
            )
                return Moving(arrived, $"address {spare.Address} is given back");
        }

        (status.PrimaryIPv4Id, status.AddressMoving) = (arrived.Id, null);
        ObserveServer.Record(context, server);
        context.Server = server;
        return StepResult.Continue();
    }

    /// <summary>Name of the address that the server was made with.</summary>
    private static string SpareOf(MachineContext context) => $"{context.ServerName}-spare";

    private static StepResult Moving(PrimaryIp address, string what) =>
        StepResult.Requeue(Poll, Provisioned.AddressMoving, $"Address {address.Address} is taken over: {what}");
}
