using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Shows the certificate of every host that is served: whether there is one, whose, and until when. Apps tell their users.</summary>
internal sealed class ReadCertificates(CertificateReadings readings) : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhilePending = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongPending = TimeSpan.FromMinutes(1);

    // Ten minutes of looking often; then it is the user's turn, and a minute more does not matter.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (node, now) = (context.Node, context.Run.Now);
        string[] hosts =
        [
            .. context
                .Apps.SelectMany(NodeDocument.RoutesOf)
                .Select(route => route.Host)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Take(DeploymentNodeStatus.MostCertificates),
        ];
        var read = await readings.ReadAsync(node, hosts, (context.Link!, context.CaddyId!), cancellationToken);
        var before = node.Status.Certificates?.ToDictionary(certificate => certificate.Host, StringComparer.Ordinal) ?? [];
        var certificates = hosts
            .Select(host => Show(host, read.GetValueOrDefault(host), before.GetValueOrDefault(host), now))
            .ToList();
        node.Status.Certificates = certificates.Count == 0 ? null : certificates;
        if (certificates.Count == 0)
            return StepResult.Continue();
        var next = certificates.Min(certificate => NextAt(certificate, read.GetValueOrDefault(certificate.Host), now)) - now;
        return StepResult.Continue(reconfirmAfter: next > Shortest ? next : Shortest);
    }

    private static CertificateStatus Show(
        string host,
        CertificateReading? reading,
        CertificateStatus? before,
        DateTimeOffset now
    ) =>
        // Not read yet by this process: what was known holds.
        reading is null
        && before is not null
            ? before
        : reading is { Issuer: { } issuer }
            ? new CertificateStatus
            {
                Host = host,
                State = reading.StateAt(now),
                Issuer = issuer,
                NotBefore = reading.NotBefore,
                NotAfter = reading.NotAfter,
            }
        : new CertificateStatus
        {
            Host = host,
            State = CertificateState.Pending,
            PendingSince = before?.PendingSince ?? now,
        };

    private static DateTimeOffset NextAt(CertificateStatus shown, CertificateReading? reading, DateTimeOffset now)
    {
        if (shown.State == CertificateState.Pending || reading is null)
            return now + (now - shown.PendingSince < Patience ? WhilePending : LongPending);
        var turns = new[] { reading.Until(now), reading.NotAfter }.Where(turn => turn > now);
        return turns.DefaultIfEmpty(now + LongPending).Min();
    }
}
