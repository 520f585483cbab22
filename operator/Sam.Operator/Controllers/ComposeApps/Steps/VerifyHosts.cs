using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Dns;
using Sam.Operator.Controllers.ComposeApps.Dns;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Asks for the proof of foreign hosts, if the node wants one. A host without it is not published; the app's other hosts are.</summary>
internal sealed class VerifyHosts(
    IDnsResolver resolver,
    InstallationIdentity installation,
    Releases releases,
    IEventRecorder events
) : IStep<ComposeAppContext>
{
    // A resolver that is silent takes its time, and the rest of the app waits for it.
    private const int MostAsked = 5;

    public ConditionType? Condition => HostsVerified.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var (status, now) = (context.App.Status, context.Run.Now);
        var foreign = await ForeignAsync(context, cancellationToken);
        var hosts = foreign.Select(host => Entry(context.App, host)).ToList();
        status.Hosts = hosts.Count == 0 ? null : hosts;
        if (hosts.Count == 0)
            return StepResult.Continue(HostsVerified.NotNeeded, "No host has to be proven");

        var silent = new List<string>();
        foreach (var host in hosts.Where(host => HostProof.NextAt(host, now) <= now).Take(MostAsked))
            silent.AddRange(await AskAsync(context, host, cancellationToken));
        var open = hosts.Where(host => host.VerifiedAt is null).ToList();
        context.UnprovenHosts = [.. open.Select(host => host.Host)];
        var wait = hosts.Min(host => HostProof.NextAt(host, now)) - now;
        wait = wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        return open.Count == 0
            ? StepResult.Continue(HostsVerified.Verified, Told(hosts), wait)
            : StepResult.Continue(HostsVerified.HostNotVerified, Missing(open, silent), wait);
    }

    private async Task<IReadOnlyList<string>> ForeignAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        if (context.Node!.Spec.HostVerification != HostVerification.TXT)
            return [];
        var release = context.Serving;
        if (release is null && context.App.Status.AppliedRelease is { } number)
            release = await releases.FindAsync(context.App, number, cancellationToken);
        return
        [
            .. (release?.Routes.Select(route => route.Host) ?? [])
                .Where(host => HostProof.IsForeign(host, context.Node.Spec.Domain))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private HostStatus Entry(ComposeApp app, string host)
    {
        var entry = app.Status.Hosts?.FirstOrDefault(known => known.Host == host) ?? new HostStatus { Host = host };
        entry.Value = HostProof.ValueOf(installation.Id, app.Metadata.NamespaceProperty, host);
        if (entry.Record.Length == 0)
            entry.Record = HostProof.RecordsOf(host)[0];
        return entry;
    }

    /// <summary>Asks for one host; what was not answered.</summary>
    private async Task<IReadOnlyList<string>> AskAsync(
        ComposeAppContext context,
        HostStatus host,
        CancellationToken cancellationToken
    )
    {
        var names = HostProof.RecordsOf(host.Host);
        var answers = await Task.WhenAll(names.Select(name => resolver.TxtAsync(name, cancellationToken)));
        host.LastAskedAt = context.Run.Now;
        host.FirstAskedAt ??= context.Run.Now;
        var silent = answers.OfType<TxtAnswer.Silent>().Select(answer => answer.Message).ToList();
        var at = Array.FindIndex(answers, answer => answer is TxtAnswer.Found found && found.Values.Contains(host.Value));
        if (at >= 0)
        {
            host.Record = names[at];
            host.VerifiedAt ??= context.Run.Now;
            host.LostAt = null;
        }
        else if (host is { VerifiedAt: not null, LostAt: null } && silent.Count == 0)
        {
            host.LostAt = context.Run.Now;
            events.Record(
                context.App,
                "HostProofLost",
                $"The TXT record {host.Record} does not hold {host.Value} any more; {host.Host} is served all the same, but put it back",
                isWarning: true
            );
        }

        return silent;
    }

    private static string Told(List<HostStatus> hosts)
    {
        var lost = hosts.Where(host => host.LostAt is not null).Select(host => host.Record).ToList();
        return lost.Count == 0
            ? $"{hosts.Count} hosts are proven"
            : $"{hosts.Count} hosts are proven; put back the TXT records {string.Join(", ", lost)}";
    }

    private static string Missing(List<HostStatus> open, List<string> silent)
    {
        var records = string.Join("; ", open.Select(host => $"{host.Host}: make the TXT record {host.Record} with {host.Value}"));
        return silent.Count == 0 ? records : $"{records}; the resolver is silent: {silent[0]}";
    }
}
