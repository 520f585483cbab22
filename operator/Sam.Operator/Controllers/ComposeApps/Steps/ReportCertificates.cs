using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Tells how the certificates of the app's hosts stand, as the node read them.</summary>
internal sealed class ReportCertificates : IStep<ComposeAppContext>
{
    public ConditionType? Condition => CertificatesReady.Type;

    public Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var seen = (context.Node!.Status.Certificates ?? []).ToDictionary(
            certificate => certificate.Host,
            StringComparer.Ordinal
        );
        var routes = context.App.Status.Routes;
        foreach (var route in routes)
        {
            var certificate = seen.GetValueOrDefault(route.Host!);
            // Of more hosts than are shown, the rest is not known.
            var isShown = certificate is not null || seen.Count < DeploymentNodeStatus.MostCertificates;
            route.Certificate = isShown ? certificate?.State ?? CertificateState.Pending : null;
            route.CertificateNotAfter = certificate?.NotAfter;
        }

        var pending = Hosts(routes, CertificateState.Pending);
        var ending = Hosts(routes, CertificateState.RenewalFailing, CertificateState.Expired);
        return Task.FromResult(
            routes.Count == 0 ? StepResult.Continue(CertificatesReady.NoHosts)
            : ending.Count > 0 ? StepResult.Continue(CertificatesReady.RenewalFailing, string.Join("; ", ending.Select(Told)))
            : pending.Count > 0
                ? StepResult.Continue(
                    CertificatesReady.CertificatePending,
                    $"no certificate yet for {string.Join(", ", pending)}; its DNS must lead to {context.Node.Status.PublicIPv4}"
                )
            : StepResult.Continue(
                CertificatesReady.Valid,
                $"the first one ends {routes.Min(route => route.CertificateNotAfter):u}"
            )
        );

        string Told(string host) => $"the certificate of {host} ends {seen[host].NotAfter:u} and was not renewed";
    }

    private static List<string> Hosts(IEnumerable<RouteStatus> routes, params CertificateState[] states) =>
        [
            .. routes
                .Where(route => route.Certificate is { } state && states.Contains(state))
                .Select(route => route.Host!)
                .Distinct(StringComparer.Ordinal),
        ];
}
