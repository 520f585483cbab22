using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Finds the Machine's server at the provider: by id, or by its labels after a claim whose answer was lost. Adopts on an exact match only.</summary>
internal sealed class ObserveServer(ServerLookup lookup) : IStep<MachineContext>
{
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan NoAddressYet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan InFlight = TimeSpan.FromSeconds(15);

    // A new token wakes the Machine at once; this is for an account that the provider opens again.
    private static readonly TimeSpan TokenRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        if (status.ServerId is null && status.Claim is null)
            return StepResult.Continue();

        var settled = status is { BootedAt: not null, ServerId: not null };
        // Between claim and id only the provider's present answer counts, however young the snapshot is.
        // A silent engine is a suspicion: the provider is asked sooner, and only its answer decides.
        var maxAge =
            status.ServerId is null ? TimeSpan.Zero
            : status.PublicIPv4 is null ? NoAddressYet
            : settled && IsReachable(context) ? Steady
            : InFlight;
        try
        {
            return await LookAsync(context, maxAge, cancellationToken);
        }
        catch (HetznerException) when (settled)
        {
            // A provider that does not answer says nothing about a server that runs: its engine is asked all the same.
            return StepResult.Continue();
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Unauthorized)
        {
            return StepResult.Stop(Provisioned.TokenRefused, e.Message, TokenRecheck);
        }
    }

    private async Task<StepResult> LookAsync(MachineContext context, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        context.Server = await lookup.FindAsync(context.Token!.Value, context.Machine, maxAge, cancellationToken);
        if (context.Server is { } server)
        {
            Record(context, server);
            return StepResult.Continue();
        }

        if (status.ServerId is not { } id)
            return StepResult.Continue();

        // A list can be older than the create; only a 404 on the id itself says that it is gone.
        context.Server = await lookup.GetAsync(context.Token!.Value, id, cancellationToken);
        return context.Server is { } found
            ? Recorded(context, found)
            : StepResult.Stop(
                Provisioned.ServerGone,
                $"Server {id} is gone at the provider; delete the Machine to get a new one"
            );
    }

    private static bool IsReachable(MachineContext context) =>
        context.Machine.Status.Conditions.Any(condition => condition is { Type: "Reachable", Status: "True" });

    private static StepResult Recorded(MachineContext context, Server server)
    {
        Record(context, server);
        return StepResult.Continue();
    }

    /// <summary>Copies what the provider shows into status.</summary>
    internal static void Record(MachineContext context, Server server)
    {
        var status = context.Machine.Status;
        status.ServerId = server.Id;
        status.ServerType = server.ServerType;
        status.Location = server.Location;
        status.ServerCreatedAt = server.Created;
        status.PublicIPv4 = server.PublicIPv4 ?? status.PublicIPv4;
        status.PublicIPv6 = server.PublicIPv6 ?? status.PublicIPv6;
        status.Claim = null;
    }
}
