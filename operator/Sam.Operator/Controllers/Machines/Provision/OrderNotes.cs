using Sam.Crds.V1Alpha1;
using Sam.Rules.Offers;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>What is written down of an order that did not come to a server, and read before the next one.</summary>
internal static class OrderNotes
{
    private const int AttemptLimit = 20;

    /// <summary>A clock of its own, without an end: what no offer has now, one has later.</summary>
    public static StepResult WaitForCapacity(MachineContext context, int offers, TimeSpan after)
    {
        var since = context.Machine.Status.WaitingForCapacitySince ??= context.Run.Now;
        return StepResult.Requeue(
            after,
            Provisioned.NoCapacity,
            $"All {offers} offers were refused lately; waiting since {since:u}, asked again at {context.Run.Now + after:u}"
        );
    }

    /// <summary>The same request would be refused again: what was written down about the last try must not be what starts the next one.</summary>
    public static StepResult? RejectedLately(MachineContext context)
    {
        var machine = context.Machine;
        if (
            machine.Status.Rejection is not { } rejection
            || rejection.Generation != machine.Metadata.Generation
            || context.Run.Now >= rejection.Until
        )
            return null;
        return StepResult.Stop(Provisioned.RequestRejected, rejection.Message, rejection.Until - context.Run.Now);
    }

    /// <summary>The provider cannot build this; it is asked again after a while, or when the spec changes.</summary>
    public static StepResult Reject(MachineContext context, string message, TimeSpan pause)
    {
        context.Machine.Status.Rejection = new MachineRejection
        {
            Generation = context.Machine.Metadata.Generation ?? 0,
            Message = message.Length <= ConditionWriter.MessageLimit ? message : message[..ConditionWriter.MessageLimit],
            Until = context.Run.Now + pause,
        };
        return StepResult.Stop(Provisioned.RequestRejected, message, pause);
    }

    /// <summary>Nothing was bought.</summary>
    public static StepResult Refused(MachineContext context, Offer offer, string code, StepResult result)
    {
        // Without the claim no later run looks for it.
        context.Machine.Status.Claim = null;
        Attempt(context, offer, code);
        return result;
    }

    /// <summary>An offer was tried.</summary>
    public static void Attempt(MachineContext context, Offer offer, string code)
    {
        var attempts = context.Machine.Status.Attempts;
        if (attempts.Count == AttemptLimit)
            attempts.RemoveAt(0);
        attempts.Add(
            new MachineAttempt
            {
                ServerType = offer.ServerType,
                Location = offer.Location,
                Code = code,
                At = context.Run.Now,
            }
        );
    }
}
