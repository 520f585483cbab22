using Sam.Operator.Controllers.ComposeApps.Dns;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Takes the app's DNS records away before anything that they lead to goes; nothing waits for garbage collection.</summary>
internal sealed class WithdrawDns(DnsRecords records) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        if (context.App.Status.DnsEndpoint is not null)
            await records.RemoveAsync(context.App, cancellationToken);
        context.App.Status.DnsEndpoint = null;
        return StepResult.Continue();
    }
}
