using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Finds the Machine's server at the provider: by id, or by its labels after a claim whose answer was lost. Adopts on an exact match only.</summary>
internal sealed class ObserveServer(
    ServerLookup lookup,
    IHetznerClients clients,
    InstallationIdentity installation,
    IMachineLinks links,
    ILeadership leadership
) : IStep<MachineContext>
{
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan NoAddressYet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan InFlight = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(60);

    // A new token wakes the Machine at once; this is for an account that the provider opens again.
    private static readonly TimeSpan TokenRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        if (status.ServerId is null && status.Claim is null)
            return context.Machine.Spec.AdoptServerId is { } adopted
                ? await AdoptAsync(context, adopted, cancellationToken)
                : StepResult.Continue();

        if (AgeAllowed(context) is not { } maxAge)
            return StepResult.Continue();
        var settled = IsSettled(status);
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

    /// <summary>
    /// How old a list may be that is looked at; null if none is needed. The create's own answer is young: the engine says more about the boot than the provider, and
    /// costs no call. A silent engine is a suspicion: the provider is asked sooner, and only its answer decides. The more pages, the older a list may be.
    /// </summary>
    private TimeSpan? AgeAllowed(MachineContext context)
    {
        var status = context.Machine.Status;
        // Between claim and id only the provider's present answer counts, however young the snapshot is.
        if (status.ServerId is null)
            return TimeSpan.Zero;
        if (status.PublicIPv4 is null || (IsIncomplete(context.Machine) && IsYoung(context)))
            return NoAddressYet;
        if (IsYoung(context))
            return null;
        var inFlight = InFlight * lookup.PagesOf(context.Token!.Value);
        return (IsSettled(status) && IsReachable(context)) || inFlight > Steady ? Steady : inFlight;
    }

    private static bool IsSettled(MachineStatus status) => status is { BootedAt: not null, ServerId: not null };

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
        if (context.Server is { } found)
            return Recorded(context, found);
        status.ServerEndedAt ??= context.Run.Now;
        return StepResult.Stop(
            Provisioned.ServerGone,
            $"Server {id} is gone at the provider; delete the Machine to get a new one"
        );
    }

    /// <summary>Takes a server over that was made for this very Machine; what was kept on purpose is used again.</summary>
    private async Task<StepResult> AdoptAsync(MachineContext context, long id, CancellationToken cancellationToken)
    {
        var token = context.Token!.Value;
        var server = await lookup.GetAsync(token, id, cancellationToken);
        if (server is null || !lookup.AreOf(context.Machine, server.Labels))
            return StepResult.Stop(
                Provisioned.AdoptionRefused,
                server is null
                    ? $"spec.adoptServerId: there is no server {id}"
                    : $"spec.adoptServerId: the labels of server {id} are not this Machine's",
                TokenRecheck
            );
        if (server.Labels.ContainsKey(Names.ServerLabels.Retained))
        {
            leadership.ThrowIfNotLeader();
            await clients.For(token).LabelServerAsync(id, lookup.LabelsOf(context.Machine), cancellationToken);
            lookup.Invalidate(token);
        }

        links.Expect(context.Machine.Spec.MachineId);
        context.Machine.Status.EngineKey = installation.EngineKeys.For(context.Machine.Spec.MachineId).Pin;
        context.Server = server;
        return Recorded(context, server);
    }

    private static bool IsYoung(MachineContext context) =>
        context.Machine.Status.ServerCreatedAt is { } createdAt && context.Run.Now - createdAt < FirstLook;

    private static bool IsIncomplete(Machine machine) =>
        (machine.Spec.Address == AddressPolicy.Kept && machine.Status.PrimaryIPv4Id is null)
        || machine.Status.Volumes.Count(volume => volume.Attached != false) < (machine.Spec.Volumes?.Count ?? 0);

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
        status.PrivateIPv4 = server.PrivateIPv4 ?? status.PrivateIPv4;
        status.Claim = null;
        status.ServerEndedAt = null;
    }
}
