using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Deletes the server until the provider says 404, or marks it as kept; or names what is left.</summary>
internal sealed class DeleteServer(
    IHetznerClients clients,
    ServerLookup lookup,
    OfferMarket market,
    IMachineLinks links,
    IEventRecorder events,
    ILeadership leadership
) : IStep<MachineContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // Longer than any gateway keeps a request that nobody waits for any more: a create may be carried out after its sender died.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => null;

    public Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken) =>
        context.Machine.Status is { ServerId: null, Claim: null }
            ? Task.FromResult(StepResult.Continue())
            : Leftovers.WithTokenAsync(context, token => EndAsync(context, token, cancellationToken));

    private async Task<StepResult> EndAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        // A claim without an id may have bought something: only the provider knows. What was found is remembered, so that its end is known as such.
        context.Machine.Status.ServerId ??= (
            await lookup.FindAsync(token, context.Machine, TimeSpan.Zero, cancellationToken)
        )?.Id;
        if (context.Machine.Status.ServerId is not { } serverId)
            return await ConcludeAsync(context, token, cancellationToken);
        return context.Machine.Spec.DeletionPolicy == DeletionPolicy.Retain
            ? await RetainAsync(context, token, serverId, cancellationToken)
            : await DeleteAsync(context, token, serverId, cancellationToken);
    }

    /// <summary>
    /// A claim, and no server with our labels. The create may be on its way still, or younger than what a list shows; and what has our name without our labels may be
    /// ours all the same, if somebody changed them: only a person can tell.
    /// </summary>
    private async Task<StepResult> ConcludeAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        var looked = context.Run.Now - context.Run.StepStartedAt;
        if (looked < Settling)
            return StepResult.Requeue(
                Settling - looked,
                Provisioned.ServerDeleting,
                $"A server named {context.ServerName} may have been bought and is not listed; looked for once more"
            );
        return await clients.For(token).FindServerAsync(context.ServerName, cancellationToken) is { } stranger
            ? StepResult.Requeue(
                Recheck,
                Provisioned.DeletionBlocked,
                $"Left at the provider: perhaps server {stranger.Id}: it is named {context.ServerName} and has not our labels. Delete or rename it at the provider"
            )
            : Gone(context);
    }

    /// <summary>Marked, so that no sweep takes it for an orphan.</summary>
    private async Task<StepResult> RetainAsync(
        MachineContext context,
        HetznerToken token,
        long id,
        CancellationToken cancellationToken
    )
    {
        // Labels are replaced as a whole: what people added stays.
        if (await lookup.GetAsync(token, id, cancellationToken) is not { } server)
            return Gone(context);
        leadership.ThrowIfNotLeader();
        await clients.For(token).LabelServerAsync(id, Leftovers.Retained(server.Labels), cancellationToken);
        lookup.Invalidate(token);
        events.Record(
            context.Machine,
            "ServerRetained",
            $"deletionPolicy is Retain: server {id} ({context.ServerName}) stays at the provider"
        );
        return Gone(context);
    }

    private async Task<StepResult> DeleteAsync(
        MachineContext context,
        HetznerToken token,
        long serverId,
        CancellationToken cancellationToken
    )
    {
        leadership.ThrowIfNotLeader();
        var outcome = await clients.For(token).DeleteServerAsync(serverId, cancellationToken);
        lookup.Invalidate(token);
        if (outcome is DeleteOutcome.Gone)
            market.Released(token);
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
                Provisioned.DeletionBlocked,
                $"Left at the provider: {Leftovers.Of(context)}. Server {serverId} is protected: {why}; take the protection off at the provider"
            ),
            var other => throw new InvalidOperationException($"Unhandled delete outcome {other}"),
        };
    }

    private StepResult Gone(MachineContext context)
    {
        links.Forget(context.Machine.Spec.MachineId);
        context.Machine.Status.ServerEndedAt ??= context.Run.Now;
        return StepResult.Continue();
    }
}
