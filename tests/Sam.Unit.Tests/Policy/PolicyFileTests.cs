using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Operator.Policy;
using Sam.Testing.Operators;

namespace Sam.Unit.Tests.Policy;

/// <summary>A policy that changes under the operator, as a mounted ConfigMap does: by moving one link.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("sam-policy-");
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly LogLines _log = new();
    private int _versions;

    private string Path => System.IO.Path.Combine(_mount.FullName, "policy.yaml");

    public void Dispose()
    {
        _log.Dispose();
        _mount.Delete(recursive: true);
    }

    [Fact]
    public async Task A_moved_link_is_seen_and_an_invalid_file_keeps_the_last_good_policy()
    {
        Mount(Rules("first"));
        var file = File();
        Assert.Equal("first", file.Current.Rules.Single().Name);

        Mount(Rules("second"));
        Assert.True(file.Refresh());
        Assert.Equal("second", file.Current.Rules.Single().Name);

        Mount("rules: [{name: third}]");
        Assert.False(file.Refresh());
        Assert.False(file.Refresh());
        Assert.Equal("second", file.Current.Rules.Single().Name);
        Assert.Contains("sam_policy_valid 0", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("sam_policy_reads_total{outcome=\"refused\"} 1", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Single(_log.All, line => line.Contains("rules[0].namespaces needs at least one", StringComparison.Ordinal));

        Mount(Rules("fourth"));
        Assert.True(file.Refresh());
        Assert.Equal("fourth", file.Current.Rules.Single().Name);
        Assert.Contains("sam_policy_valid 1", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_comes_back_to_the_last_good_one_is_good_again()
    {
        Mount(Rules("first"));
        var file = File();
        Assert.NotNull(file.Current);

        Mount("no policy");
        file.Refresh();
        Mount(Rules("first"));
        file.Refresh();

        Assert.Equal("first", file.Current.Rules.Single().Name);
    }

    [Fact]
    public void A_file_that_is_missing_or_invalid_from_the_start_closes_everything_until_it_is_mended()
    {
        var file = File();
        Assert.Contains("cannot be read", file.Current.ForbidsMachine("a", "Small", "cx23"), StringComparison.Ordinal);

        Mount(Rules("first"));

        Assert.True(file.Refresh());
        Assert.Null(file.Current.ForbidsMachine("a", "Small", "cx23"));
    }

    [Fact]
    public void A_file_that_goes_away_takes_nothing_with_it()
    {
        Mount(Rules("first"));
        var file = File();
        Assert.NotNull(file.Current);

        System.IO.File.Delete(System.IO.Path.Combine(_mount.FullName, "..data"));

        Assert.False(file.Refresh());
        Assert.Equal("first", file.Current.Rules.Single().Name);
    }

    private PolicyFile File() => new(Path, new PolicyMetrics(_registry), new LoggerFactory([_log]).CreateLogger<PolicyFile>());

    private static string Rules(string name) => $"rules: [{{name: {name}, namespaces: ['*']}}]";

    /// <summary>As the kubelet does it: a folder for each version, a link <c>..data</c> to it that is replaced by a rename, and a link to the file through it.</summary>
    private void Mount(string text)
    {
        var version = _mount.CreateSubdirectory($"..version_{++_versions}");
        var content = System.IO.Path.Combine(version.FullName, "policy.yaml");
        System.IO.File.WriteAllText(content, text);
        // The kubelet keeps no order of times: the new file may look older than the old one.
        System.IO.File.SetLastWriteTimeUtc(content, DateTime.UnixEpoch);
        var fresh = System.IO.Path.Combine(_mount.FullName, "..data_tmp");
        System.IO.File.CreateSymbolicLink(fresh, version.Name);
        // One rename(2) over the old link; File.Move follows a link to a folder.
        using var move = System.Diagnostics.Process.Start("mv", ["-T", fresh, System.IO.Path.Combine(_mount.FullName, "..data")]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
        if (!System.IO.File.Exists(Path))
            System.IO.File.CreateSymbolicLink(Path, System.IO.Path.Combine("..data", "policy.yaml"));
    }

    private async Task<string> MetricsAsync()
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
