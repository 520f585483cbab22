using Sam.Crds.V1Alpha1;
using Sam.Rules.Limits;

namespace Sam.Operator.Limits;

/// <summary>The reservations in a Project's status: reads and changes; every count follows from the list.</summary>
internal static class Reservations
{
    /// <summary>The slot of a holder; null if it has none.</summary>
    public static SlotReservation? Of(Project project, SlotKind kind, string holder) =>
        project.Status.Usage?.Reservations.FirstOrDefault(slot => slot.Kind == kind && slot.Holder == holder);

    /// <summary>All slots as the rule counts them.</summary>
    public static IReadOnlyCollection<HeldSlot> Held(Project project) =>
        [
            .. (project.Status.Usage?.Reservations ?? []).Select(slot => new HeldSlot(
                slot.Kind.ToString(),
                slot.Holder,
                slot.PaidBy == CredentialSource.Platform
            )),
        ];

    /// <summary>The Project's limit for a kind.</summary>
    public static int LimitOf(Project project, SlotKind kind) =>
        kind switch
        {
            SlotKind.Machine => project.Spec.Limits.Machines,
            SlotKind.Workspace => project.Spec.Limits.Workspaces,
            SlotKind.ActiveTask => project.Spec.Limits.ActiveTasks,
            _ => throw new InvalidOperationException($"Unhandled slot kind {kind}"),
        };

    /// <summary>The usage with these reservations, in an order that depends on nothing but them.</summary>
    public static ProjectUsage With(IEnumerable<SlotReservation> reservations)
    {
        var list = reservations
            .OrderBy(slot => slot.Kind)
            .ThenBy(slot => slot.TakenAt)
            .ThenBy(slot => slot.Holder, StringComparer.Ordinal)
            .ToList();
        int Count(SlotKind kind) => list.Count(slot => slot.Kind == kind);
        return new ProjectUsage
        {
            Machines = Count(SlotKind.Machine),
            Workspaces = Count(SlotKind.Workspace),
            ActiveTasks = Count(SlotKind.ActiveTask),
            Reservations = list,
        };
    }
}
