using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Puts a server back behind its firewall if somebody took it from there. It is made behind it; this repairs, and costs one call an account and ten minutes.</summary>
internal sealed class GuardServer(
    IHetznerClients clients,
    FirewallKeeper firewalls,
    OrderSupplies supplies,
    ServerLookup lookup,
    IEventRecorder events,
    ILeadership leadership
) : IStep<MachineContext>
{
    // The list shows a firewall some seconds after the create that named it.
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(2);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        if (context.Server is not { } server || context.Run.Now - server.Created < s_settling)
            return StepResult.Continue();
        try
        {
            await GuardAsync(context, server, cancellationToken);
        }
        catch (HetznerException) when (context.Machine.Status.BootedAt is not null)
        {
            // The next look comes; a server that serves is not held up by its provider.
        }

        return StepResult.Continue();
    }

    private async Task GuardAsync(MachineContext context, Server server, CancellationToken cancellationToken)
    {
        var token = context.Token!.Value;
        if (await firewalls.FindAsync(token, context.Machine, cancellationToken) is not { } wanted)
        {
            supplies.Forget(token);
            wanted = await firewalls.EnsureAsync(token, context.Machine, cancellationToken);
        }

        if (server.Firewalls.Contains(wanted))
            return;
        leadership.ThrowIfNotLeader();
        await clients.For(token).ApplyFirewallAsync(wanted, server.Id, cancellationToken);
        lookup.Invalidate(token);
        events.Record(
            context.Machine,
            "FirewallRestored",
            $"Server {server.Id} was not behind firewall {wanted} and is again",
            true
        );
    }
}
