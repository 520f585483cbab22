using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Tells, once for each repair, what somebody changed on the engine of an app that was in sync.</summary>
internal sealed class DriftReport(IEventRecorder events)
{
    private const string Reason = "DriftRepaired";

    /// <summary>Tells what differs, unless it is the release itself that is on its way, or a repair that was told before.</summary>
    public void Tell(ComposeAppContext context, Desired desired, Observed observed)
    {
        if (context.DriftTold || !desired.Applied || !WasSettled(context))
            return;
        var found = DriftFindings.Of(desired, observed);
        if (found.IsEmpty)
            return;
        context.DriftTold = true;
        events.Record(context.App, Reason, $"Release {desired.Release} is put back: {string.Join("; ", found)}", isWarning: true);
    }

    // A repair that takes several runs says Repairing in between; a release that is taken back has a state of its own.
    // On another VM than before nothing was touched: the app comes up there.
    private static bool WasSettled(ComposeAppContext context) =>
        context.App.Status is var status
        && status.MachineId == context.Machine?.Spec.MachineId
        && status.ApplyState is ApplyState.Applied or ApplyState.Reverted
        && status.Conditions.Any(condition => condition.Type == InSync.Type.Name && condition.Reason == InSync.NothingToDo.Name);
}
