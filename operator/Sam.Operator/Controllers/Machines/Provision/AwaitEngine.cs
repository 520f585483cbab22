using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Waits until the engine answered once with the pinned key. Rings once; freshness is the next step's business.</summary>
internal sealed class AwaitEngine(IMachineLinks links, MachineOptions options) : IStep<MachineContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => Booted.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var status = context.Machine.Status;
        if (status.BootedAt is { } at)
            return StepResult.Continue(Booted.EngineAnswered, $"Engine {status.EngineVersion} answered at {at:u}");

        var waited = context.Run.Now - context.Run.StepStartedAt;
        try
        {
            var info = await links.For(context.Endpoint!).InfoAsync(cancellationToken);
            status.BootedAt = context.Run.Now;
            status.EngineVersion = info.Version;
            return StepResult.Continue(Booted.EngineAnswered, $"Engine {info.Version} answered at {context.Run.Now:u}");
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.IdentityRefused)
        {
            // Stock images answer with nothing on this port; another key is another machine, or a server that was rebuilt.
            return StepResult.Requeue(Recheck, Booted.WrongKey, e.Message);
        }
        catch (EngineException e)
        {
            // Elapsed time is a suspicion: the engine goes on being asked, and what answers late is still taken.
            return waited > options.BootDeadline
                ? StepResult.Stop(
                    Booted.BootTimedOut,
                    $"No answer at {context.Endpoint!.Address} within {options.BootDeadline.TotalMinutes:0} minutes: {e.Message}",
                    Recheck
                )
                : StepResult.Requeue(
                    waited < TimeSpan.FromSeconds(60) ? Poll : SlowPoll,
                    Booted.AwaitingEngine,
                    $"No answer at {context.Endpoint!.Address} yet"
                );
        }
    }
}
