using System.Diagnostics;
using Sam.Crds.V1Alpha1;
using Sam.Testing;
using Sam.Testing.Clusters;
using Sam.Testing.Operators;

namespace Sam.EndToEnd.Tests.Observability;

/// <summary>The operator's real /metrics after some work, judged by Prometheus' own promtool.</summary>
public sealed class MetricsOnPromtoolTests
{
    private const string Promtool = "/usr/bin/promtool";

    // What dashboards for controller-runtime and client-go read, and ours.
    private static readonly string[] Expected =
    [
        """controller_runtime_reconcile_total{controller="deploymentnode",result="success"}""",
        """controller_runtime_reconcile_errors_total{controller="machine"}""",
        """controller_runtime_reconcile_time_seconds_bucket{controller="machine",le="60"}""",
        """controller_runtime_active_workers{controller="machine"}""",
        """controller_runtime_max_concurrent_reconciles{controller="machine"}""",
        """workqueue_depth{name="machine",controller="machine"}""",
        """workqueue_adds_total{name="machine",controller="machine"}""",
        """workqueue_queue_duration_seconds_sum{name="machine",controller="machine"}""",
        """workqueue_work_duration_seconds_count{name="machine",controller="machine"}""",
        """workqueue_unfinished_work_seconds{name="machine",controller="machine"}""",
        """workqueue_longest_running_processor_seconds{name="machine",controller="machine"}""",
        """workqueue_retries_total{name="machine",controller="machine"}""",
        """rest_client_requests_total{code="200",method="GET",host="127.0.0.1""",
        """rest_client_request_duration_seconds_bucket{verb="PATCH",host="127.0.0.1""",
        """leader_election_master_status{name="sam-operator"} 1""",
        """event_recorder_events_total{result="written"}""",
    ];

    [Fact]
    public async Task Promtool_finds_nothing_wrong_and_every_promised_metric_is_there()
    {
        Require(Promtool);
        var stop = TestContext.Current.CancellationToken;
        await using var cluster = await TestCluster.StartAsync(stop);
        await using var process = await OperatorProcess.StartAsync(cluster, new Dictionary<string, string>(), stop);
        await process.Kube.CreateAsync(A.Project(), stop);
        await process.Kube.CreateAsync(A.Node(), stop);
        await process.Expect.ReadyAsync<DeploymentNode>("edge", stop);
        using var http = new HttpClient { BaseAddress = process.Endpoint };

        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), stop);
        var (exitCode, said) = await JudgeAsync(metrics, stop);

        Assert.True(exitCode == 0, $"promtool ended with {exitCode}: {said}");
        Assert.All(Expected, line => Assert.Contains($"\n{line}", metrics, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output)> JudgeAsync(string metrics, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(metrics.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }

    private static void Require(string tool)
    {
        if (File.Exists(tool))
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{tool} is missing");
        Assert.Skip($"{tool} is missing; Debian's package prometheus has it");
    }
}
