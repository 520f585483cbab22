using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Deletes the server until the provider says 404, or names what is left.</summary>
internal sealed class DeleteServer(
    IHetznerClients clients,
    ServerLookup lookup,
    IMachineLinks links,
    IEventRecorder events,
    ILeadership leadership
) : IStep<MachineContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        if (status.ServerId is null && status.Claim is null)
            return StepResult.Continue();
        var left = status.ServerId is { } known ? $"server {known}" : $"perhaps a server named {context.ServerName}";
        if (context.Machine.Spec.DeletionPolicy == DeletionPolicy.Retain)
        {
            events.Record(context.Machine, "ServerRetained", $"deletionPolicy is Retain: {left} stays at the provider");
            return Gone(context);
        }

        if (context.Token is not { } token)
            return StepResult.Requeue(
                Recheck,
                Provisioned.ServerDeleting,
                $"No token to delete {left} with: {context.TokenFault!.Why}"
            );

        try
        {
            return await DeleteAsync(context, token.Value, cancellationToken);
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Unauthorized)
        {
            return StepResult.Requeue(
                Recheck,
                Provisioned.ServerDeleting,
                $"The provider refuses the token; left: {left}. Put a valid token into the Secret"
            );
        }
    }

    private async Task<StepResult> DeleteAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        // A claim without an id may have bought something: only the provider knows.
        var id =
            context.Machine.Status.ServerId
            ?? (await lookup.FindAsync(token, context.Machine, TimeSpan.Zero, cancellationToken))?.Id;
        if (id is not { } serverId)
            return Gone(context);
        leadership.ThrowIfNotLeader();
        var outcome = await clients.For(token).DeleteServerAsync(serverId, cancellationToken);
        lookup.Invalidate(token);
        return outcome switch
        {
            DeleteOutcome.Gone => Gone(context),
            DeleteOutcome.Deleted => StepResult.Requeue(Poll, Provisioned.ServerDeleting, $"Server {serverId} is being deleted"),
            DeleteOutcome.Locked(var why) => StepResult.Requeue(
                Poll * 5,
                Provisioned.ServerDeleting,
                $"Server {serverId}: {why}"
            ),
            DeleteOutcome.Protected(var why) => StepResult.Requeue(
                Recheck,
                Provisioned.ServerDeleting,
                $"Server {serverId} is protected: {why}; take the protection off at the provider"
            ),
            var other => throw new InvalidOperationException($"Unhandled delete outcome {other}"),
        };
    }

    private StepResult Gone(MachineContext context)
    {
        links.Forget(context.Machine.Spec.MachineId);
        return StepResult.Continue();
    }
}
