using Sam.Operator.Controllers.ComposeApps.Dns;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Tells external-dns where the app's hosts are, if the node asks for it. Nothing else waits for it, and nothing fails by it.</summary>
internal sealed class PublishDns(DnsRecords records) : IStep<ComposeAppContext>
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => DnsPublished.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var (app, node) = (context.App, context.Node!);
        if (app.Spec.Suspend == true && node.Spec.DnsEndpoint == true)
            return StepResult.Continue(DnsPublished.NoRecords, "Suspended: the records are left as they are");
        var wanted = node.Spec.DnsEndpoint == true ? AppRecords.Of(app, node) : [];
        if (wanted.Count == 0)
        {
            if (app.Status.DnsEndpoint is not null)
                await records.RemoveAsync(app, cancellationToken);
            app.Status.DnsEndpoint = null;
            return StepResult.Continue(
                DnsPublished.NoRecords,
                node.Spec.DnsEndpoint == true ? "No host is published, or the node has no address yet" : "The node asks for none"
            );
        }

        if (app.Status.DnsEndpoint is null)
        {
            // Durable before it is made: what is switched off later is found.
            app.Status.DnsEndpoint = app.Metadata.Name;
            await context.Run.CheckpointAsync(cancellationToken);
        }

        return await records.WriteAsync(app, wanted, cancellationToken) switch
        {
            DnsWrite.Written => StepResult.Continue(
                DnsPublished.Published,
                $"DNSEndpoint {app.Metadata.Name} has {wanted.Count} records"
            ),
            DnsWrite.NoSuchKind => StepResult.Continue(
                DnsPublished.ExternalDnsMissing,
                "The cluster has no kind DNSEndpoint (externaldns.k8s.io/v1alpha1); install the CRD of external-dns, or take dnsEndpoint from the node",
                s_again
            ),
            DnsWrite.NameTaken => StepResult.Continue(
                DnsPublished.NameTaken,
                $"DNSEndpoint {app.Metadata.Name} exists and is not this app's; rename or delete it",
                s_again
            ),
            var other => throw new InvalidOperationException($"Unhandled {other}"),
        };
    }
}
