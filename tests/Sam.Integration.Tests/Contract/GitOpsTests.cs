namespace Sam.Integration.Tests.Contract;

/// <summary>What Argo CD and Flux do: server-side apply by a field manager of their own, again and again, without drift.</summary>
public sealed class GitOpsTests : IAsyncLifetime
{
    private static readonly string Samples = Path.Combine(Root(), "crds", "samples");

    private ClusterTools _tools = null!;

    public async ValueTask InitializeAsync()
    {
        _tools = await ClusterTools.StartAsync();
        await _tools.KubectlAsync($"apply --server-side -f {Path.Combine(Root(), "crds", "manifests")}");
        await _tools.KubectlAsync("wait --for=condition=Established crd --all --timeout=60s");
        await _tools.KubectlAsync("create namespace demo");
    }

    public ValueTask DisposeAsync() => _tools.DisposeAsync();

    [Theory]
    [InlineData("argocd-controller")]
    [InlineData("kustomize-controller")]
    public async Task A_second_apply_of_the_samples_changes_nothing_and_shows_no_diff(string manager)
    {
        var apply = $"apply -n demo --server-side --force-conflicts --field-manager={manager} -f {Samples}";
        const string versions =
            "get projects,deploymentnodes,composeapps -n demo -o jsonpath={.items[*].metadata.resourceVersion}";
        await _tools.KubectlAsync(apply);
        var before = await _tools.KubectlAsync(versions);

        await _tools.KubectlAsync(apply);
        var diff = await _tools.KubectlAsync($"diff -n demo --server-side --field-manager={manager} -f {Samples}");

        Assert.Equal("", diff);
        Assert.Equal(before, await _tools.KubectlAsync(versions));
    }

    [Fact]
    public async Task Drift_of_an_owned_field_is_shown_and_taken_back_by_force()
    {
        var apply = $"apply -n demo --server-side --field-manager=flux -f {Samples}";
        await _tools.KubectlAsync(apply);
        await _tools.KubectlAsync("""patch composeapp shop -n demo --type merge -p "{\"spec\":{\"stableTime\":\"9s\"}}" """);

        var diff = await _tools.KubectlAsync(
            $"diff -n demo --server-side --force-conflicts --field-manager=flux -f {Samples}",
            exitCode: 1
        );
        var refusal = await _tools.KubectlAsync(apply, exitCode: 1);
        await _tools.KubectlAsync(apply + " --force-conflicts");

        Assert.Contains("stableTime", diff);
        Assert.Contains("conflict with \"kubectl-patch\"", refusal);
        Assert.Equal("2s", await _tools.KubectlAsync("get composeapp shop -n demo -o jsonpath={.spec.stableTime}"));
    }

    [Fact]
    public async Task Prune_removes_what_the_source_no_longer_holds()
    {
        const string kept = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, namespace: demo, labels: {set: x}}\n";
        const string gone = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone, namespace: demo, labels: {set: x}}\n";
        await _tools.KubectlAsync($"apply -f {_tools.Write("all.yaml", kept + gone)}");

        var said = await _tools.KubectlAsync(
            $"apply --prune -l set=x --prune-allowlist=core/v1/ConfigMap -n demo -f {_tools.Write("all.yaml", kept)}"
        );

        Assert.Contains("configmap/gone pruned", said);
        Assert.Equal("configmap/kept", (await _tools.KubectlAsync("get configmap -n demo -l set=x -o name")).Trim());
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
