using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>
/// Keeps the slots true: frees those whose holder is gone, counts VMs that came without one (made by an older version, or by hand).
/// Its write is guarded like everybody's, so that it undoes no slot that was taken meanwhile.
/// </summary>
internal sealed class CountUsage(SlotHolders holders, IResourceStore<Machine> machines) : IStep<ProjectContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var project = context.Project;
        var held = new List<SlotReservation>();
        foreach (var slot in project.Status.Usage?.Reservations ?? [])
        {
            if (!await holders.IsGoneAsync(context.Namespace, slot, cancellationToken))
                held.Add(slot);
        }

        foreach (var machine in Bought(context))
        {
            var holder = SlotHolders.Of(machine);
            if (!held.Exists(slot => slot.Kind == SlotKind.Machine && slot.Holder == holder.Uid))
                held.Add(Found(machine, holder, context.Run.Now));
        }

        project.Status.Usage = Reservations.With(held);
        return StepResult.Continue();
    }

    private IEnumerable<Machine> Bought(ProjectContext context) =>
        machines
            .ByIndex(ProjectIndexes.Machines.Name, ProjectIndexes.Key(context.Namespace, context.Project.Metadata.Name))
            .Where(machine => machine.Status is { ServerId: not null } or { Claim: not null })
            .OrderBy(machine => machine.Metadata.Name, StringComparer.Ordinal);

    private static SlotReservation Found(Machine machine, SlotHolder holder, DateTimeOffset now) =>
        new()
        {
            Kind = SlotKind.Machine,
            Holder = holder.Uid,
            HolderKind = holder.Kind,
            HolderName = holder.Name,
            TakenAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)),
            PaidBy = machine.Status.CredentialSource,
        };
}
