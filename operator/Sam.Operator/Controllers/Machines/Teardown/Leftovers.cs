using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>What a Machine that ends may still have at the provider, in words with ids; and what to say when nothing can be done about it.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ListLag = TimeSpan.FromSeconds(30);

    /// <summary>All that is known, or may be, before the provider said otherwise; empty if nothing was ever bought.</summary>
    public static string Of(MachineContext context)
    {
        var (spec, status) = (context.Machine.Spec, context.Machine.Status);
        var left = new List<string>();
        if (status.ServerId is { } server)
            left.Add($"server {server}");
        else if (status.Claim is not null)
            left.Add($"perhaps a server named {context.ServerName}");
        left.AddRange(status.Volumes.Select(volume => $"volume {volume.Id} ({volume.Name})"));
        var unknown = (spec.Volumes ?? []).Where(wanted => status.Volumes.All(volume => volume.Name != wanted.Name));
        if (left.Count > 0)
            left.AddRange(unknown.Select(volume => $"perhaps a volume named {context.VolumeName(volume.Name)}"));
        if (status.PrimaryIPv4Id is { } address)
            left.Add($"address {address}");
        return string.Join(", ", left);
    }

    /// <summary>Whether a server was, or may have been: volumes and addresses come after it.</summary>
    public static bool WasBought(Machine machine) =>
        machine.Status is not { ServerId: null, Claim: null, PrimaryIPv4Id: null, Volumes.Count: 0 };

    /// <summary>Runs what asks the provider; a token that is missing or refused becomes a condition that names everything that is left.</summary>
    public static async Task<StepResult> WithTokenAsync(MachineContext context, Func<HetznerToken, Task<StepResult>> act)
    {
        // The credential may be gone already: nothing needs it any more.
        if (context.Machine.Status.ReleasedAt is not null)
            return StepResult.Continue();
        if (context.Token is not { } token)
            return Blocked(context, context.TokenFault!.Why);
        try
        {
            return await act(token.Value);
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Unauthorized)
        {
            return Blocked(context, $"the provider refuses the token ({e.Code}); put a valid one into the Secret");
        }
    }

    /// <summary>What an answer to a delete of a volume or an address means; null if it was taken.</summary>
    /// <param name="outcome">The answer.</param>
    /// <param name="what">What was to be deleted, with its id.</param>
    /// <param name="left">All that is left, with ids.</param>
    public static StepResult? Refusal(DeleteOutcome outcome, string what, string left) =>
        outcome switch
        {
            DeleteOutcome.Protected(var why) => StepResult.Requeue(
                Recheck,
                Provisioned.DeletionBlocked,
                $"Left at the provider: {left}. {what} is protected: {why}; take the protection off at the provider"
            ),
            DeleteOutcome.Locked(var why) => StepResult.Requeue(Poll, Provisioned.ServerDeleting, $"{what}: {why}"),
            _ => null,
        };

    /// <summary>The labels of something that is kept on purpose.</summary>
    public static IReadOnlyDictionary<string, string> Retained(IReadOnlyDictionary<string, string> labels) =>
        new Dictionary<string, string>(labels, StringComparer.Ordinal) { [Names.ServerLabels.Retained] = "true" };

    /// <summary>
    /// Whether a list may lack something that was bought: a volume is in the spec and not in status, so its create may have been answered to nobody, and lists can lag behind.
    /// Nothing new arrives: its create names a server that is gone. A server that only a claim knows was waited for already, longer.
    /// </summary>
    public static bool MayLag(MachineContext context, IReadOnlyList<Volume> listed) =>
        context.Run.Now - context.Run.StepStartedAt < ListLag
        && context.Machine.Status.ServerId is not null
        && (
            // What was handed over a moment ago may not be listed either.
            (context.Machine.Spec.TakesOverFrom is not null && listed.Count == 0)
            || (context.Machine.Spec.Volumes ?? [])
                .Where(wanted => context.Machine.Status.Volumes.All(volume => volume.Name != wanted.Name))
                .Any(wanted => listed.All(volume => volume.Name != context.VolumeName(wanted.Name)))
        );

    private static StepResult Blocked(MachineContext context, string why) =>
        StepResult.Requeue(
            Recheck,
            Provisioned.DeletionBlocked,
            $"Left at the provider: {Of(context)}. No token to delete or mark it with: {why}"
        );
}
