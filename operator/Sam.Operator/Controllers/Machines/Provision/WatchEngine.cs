using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>Asks the engine for a sign of life, every 15 s. Silence is Unknown, never a failure by itself.</summary>
internal sealed class WatchEngine(IMachineLinks links, MachineOptions options) : IStep<MachineContext>
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public ConditionType? Condition => Reachable.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        try
        {
            await links.For(context.Endpoint!).PingAsync(cancellationToken);
            return StepResult.Continue(Reachable.EngineAnswers, "The engine answers", options.PingInterval);
        }
        catch (EngineException e)
        {
            return StepResult.Requeue(Retry, Reachable.EngineSilent, e.Message);
        }
    }
}
