using System.Text.Json.Nodes;
using k8s;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Policy;
using Sam.Rules.Limits;
using Sam.Rules.Policy;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Limits;

/// <inheritdoc cref="IProjectSlots"/>
[Rbac<Project>("get")]
[Rbac<Project>("patch", Subresource = "status")]
internal sealed class ProjectSlots(
    IResourceStore<Project> cached,
    IResourceClient<Project> client,
    IPlatformPolicies policies,
    TimeProvider timeProvider
) : IProjectSlots
{
    // Each conflict means that somebody else got something done; so many in a row mean that something is wrong.
    private const int MostConflicts = 25;

    /// <inheritdoc/>
    public async Task<SlotAnswer> TakeAsync(
        string @namespace,
        string project,
        SlotKind kind,
        SlotHolder holder,
        CredentialSource paidBy,
        CancellationToken cancellationToken
    )
    {
        // What the cache shows as held is held: only the holder itself and the healer of holders that are gone give slots back.
        if (cached.Get(@namespace, project) is { } known && IsHeld(known, kind, holder, paidBy))
            return new SlotAnswer.Taken();
        for (var attempt = 1; ; attempt++)
        {
            var current = await client.GetAsync(@namespace, project, cancellationToken);
            if (current is null)
                return new SlotAnswer.NoProject();
            if (Decide(current, kind, holder, paidBy) is { } answer)
                return answer;
            var taken = new SlotReservation
            {
                Kind = kind,
                Holder = holder.Uid,
                HolderKind = holder.Kind,
                HolderName = holder.Name,
                TakenAt = Reservations.Of(current, kind, holder.Uid)?.TakenAt ?? WholeSeconds(timeProvider.GetUtcNow()),
                PaidBy = paidBy,
            };
            if (await WriteAsync(current, Without(current, kind, holder.Uid).Append(taken), attempt, cancellationToken))
                return new SlotAnswer.Taken();
        }
    }

    /// <inheritdoc/>
    public async Task ReturnAsync(
        string @namespace,
        string project,
        SlotKind kind,
        string holderUid,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await client.GetAsync(@namespace, project, cancellationToken);
            if (current is null || Reservations.Of(current, kind, holderUid) is null)
                return;
            if (await WriteAsync(current, Without(current, kind, holderUid), attempt, cancellationToken))
                return;
        }
    }

    /// <summary>The answer that needs no write; null if the slot is to be written.</summary>
    private SlotAnswer? Decide(Project project, SlotKind kind, SlotHolder holder, CredentialSource paidBy)
    {
        if (IsHeld(project, kind, holder, paidBy))
            return new SlotAnswer.Taken();
        if (ProjectStop.Why(project) is { } stopped)
            return new SlotAnswer.Suspended(stopped);
        var quota = policies.Current.QuotaFor(project.Metadata.NamespaceProperty);
        var decision = SlotDecision.Of(
            Reservations.Held(project),
            kind.ToString(),
            holder.Uid,
            Reservations.LimitOf(project, kind),
            paidBy == CredentialSource.Platform,
            QuotaOf(quota, kind)
        );
        return decision is SlotDecision.Refused(var used, var limit, var why) ? new SlotAnswer.Refused(used, limit, why) : null;
    }

    private static bool IsHeld(Project project, SlotKind kind, SlotHolder holder, CredentialSource paidBy) =>
        Reservations.Of(project, kind, holder.Uid) is { } slot
        && (slot.PaidBy == CredentialSource.Platform) == (paidBy == CredentialSource.Platform);

    private static int? QuotaOf(PlatformQuota quota, SlotKind kind) =>
        kind switch
        {
            SlotKind.Machine => quota.Machines,
            SlotKind.Workspace => quota.Workspaces,
            SlotKind.ActiveTask => quota.ActiveTasks,
            _ => throw new InvalidOperationException($"Unhandled slot kind {kind}"),
        };

    private static IEnumerable<SlotReservation> Without(Project project, SlotKind kind, string holder) =>
        (project.Status.Usage?.Reservations ?? []).Where(slot => slot.Kind != kind || slot.Holder != holder);

    /// <summary>One conditional write; false if somebody wrote since the Project was read, and the question is to be asked anew.</summary>
    private async Task<bool> WriteAsync(
        Project project,
        IEnumerable<SlotReservation> reservations,
        int attempt,
        CancellationToken cancellationToken
    )
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = project.Metadata.ResourceVersion },
            ["status"] = new JsonObject { ["usage"] = JsonNode.Parse(KubernetesJson.Serialize(Reservations.With(reservations))) },
        };
        try
        {
            await client.MergePatchAsync(
                project.Metadata.NamespaceProperty,
                project.Metadata.Name,
                patch.ToJsonString(),
                "status",
                cancellationToken
            );
            return true;
        }
        catch (KubernetesApiException e) when (e.IsConflict && attempt < MostConflicts)
        {
            return false;
        }
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
