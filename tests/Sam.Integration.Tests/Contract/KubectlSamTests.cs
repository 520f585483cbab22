using System.Diagnostics;
using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract;

/// <summary>What users do with the real <c>kubectl</c> and SAM's own kinds.</summary>
public sealed class KubectlSamTests(SharedCluster shared) : IAsyncLifetime
{
    private const string App =
        "apiVersion: sam.dev/v1alpha1\nkind: ComposeApp\nmetadata: {name: one}\nspec: {nodeRef: {name: edge}, compose: 'services: {}'}\n";

    private const string Ready = """
        apiVersion: sam.dev/v1alpha1
        kind: ComposeApp
        metadata: {name: one}
        status: {observedGeneration: 1, url: https://one.example, conditions: [{type: Ready, status: 'True', reason: Serving, message: m, lastTransitionTime: '2026-01-01T00:00:00Z'}]}
        """;

    private readonly string _home = $"t-ksam-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly ClusterTools _tools = ClusterTools.On(shared.Cluster.Kubeconfig);

    public async ValueTask InitializeAsync()
    {
        await _tools.KubectlAsync($"create namespace {_home}");
        await KubectlAsync($"apply -f {_tools.Write("app.yaml", App)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.KubectlAsync($"delete namespace {_home} --wait={(shared.Cluster.Traits.OutlivesTests ? "true" : "false")}");
        await _tools.DisposeAsync();
    }

    [Fact]
    public async Task Get_w_prints_a_row_for_every_change()
    {
        using var watch = _tools.StartKubectl($"get capp -n {_home} -w");
        try
        {
            await LineAsync(watch, "NAME +READY +REASON +NODE");
            await LineAsync(watch, "^one +.*edge");
            await ReadyAsync();
            await LineAsync(watch, "^one +True +Serving +edge");
        }
        finally
        {
            watch.Kill();
            await watch.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_status_is_patched_and_waited_for()
    {
        await ReadyAsync();

        // It would not be met while the status is of an older generation: hence our default of -1.
        await KubectlAsync("wait --for=condition=Ready capp/one --timeout=60s");
        await KubectlAsync("wait --for=jsonpath={.status.url}=https://one.example capp/one --timeout=60s");
        await KubectlAsync("patch capp one --type merge --patch-file " + _tools.Write("gone.yaml", "status: {url: other}"));

        Assert.Equal("https://one.example", await KubectlAsync("get capp one -o jsonpath={.status.url}"));
    }

    [Theory]
    [InlineData("merge", "spec: {drainTime: 7s}")]
    [InlineData("json", "[{op: replace, path: /spec/drainTime, value: 7s}]")]
    public async Task A_patch_changes_the_spec(string type, string patch)
    {
        await KubectlAsync($"patch capp one --type {type} --patch-file {_tools.Write("patch.yaml", patch)}");

        Assert.Equal("7s", await KubectlAsync("get capp one -o jsonpath={.spec.drainTime}"));
    }

    [Fact]
    public async Task Events_are_shown_by_describe_and_by_events_for()
    {
        var uid = await KubectlAsync("get capp one -o jsonpath={.metadata.uid}");
        var file = _tools.Write(
            "event.yaml",
            $$"""
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: one.1}
            eventTime: '2026-01-01T00:00:00.000000Z'
            reportingController: sam.dev/operator
            reportingInstance: sam-0
            action: Release
            reason: Released
            note: Release 1 serves
            type: Normal
            regarding: {apiVersion: sam.dev/v1alpha1, kind: ComposeApp, namespace: {{_home}}, name: one, uid: {{uid}} }
            """
        );
        await KubectlAsync($"create -f {file}");

        var described = await KubectlAsync("describe capp one");
        var events = await KubectlAsync("events --for composeapp.sam.dev/one");

        Assert.Matches("Drain Time: +10s", described);
        Assert.Matches("Normal +Released +.*Release 1 serves", described);
        Assert.Matches("Normal +Released +ComposeApp/one +Release 1 serves", events);
    }

    [Theory]
    [InlineData("composeapp", "healthTimeout\t<string>")]
    [InlineData("deploymentnode", "caddyImage\t<string>")]
    [InlineData("machine", "machineId\t<string> -required-")]
    [InlineData("project", "credentials\t<[]Object>")]
    public async Task Explain_knows_every_field_of_our_kinds(string kind, string field) =>
        Assert.Contains(field, await KubectlAsync($"explain {kind} --recursive"));

    [Fact]
    public async Task Replace_force_makes_another_object()
    {
        var before = await KubectlAsync("get capp one -o jsonpath={.metadata.uid}");

        await KubectlAsync("replace --force -f app.yaml --timeout=60s");

        Assert.NotEqual(before, await KubectlAsync("get capp one -o jsonpath={.metadata.uid}"));
    }

    [Theory]
    [InlineData("foreground", false)]
    [InlineData("background", false)]
    [InlineData("orphan", true)]
    [NeedsGarbageCollector]
    public async Task Dependants_follow_their_owner_unless_they_are_orphaned(string cascade, bool stays)
    {
        var uid = await KubectlAsync("get capp one -o jsonpath={.metadata.uid}");
        var owned =
            $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: owned, ownerReferences: [{{apiVersion: sam.dev/v1alpha1, kind: ComposeApp, name: one, uid: {uid}, blockOwnerDeletion: true}}]}}\n";
        await KubectlAsync($"create -f {_tools.Write("owned.yaml", owned)}");

        await KubectlAsync($"delete capp one --cascade={cascade} --timeout=60s");

        if (stays)
            Assert.Equal("", await KubectlAsync("get configmap owned -o jsonpath={.metadata.ownerReferences}"));
        else
            await KubectlAsync("wait --for=delete configmap/owned --timeout=60s");
    }

    [Fact]
    public async Task Rights_are_listed_and_tokens_made()
    {
        await KubectlAsync("create serviceaccount robot");

        Assert.Equal(3, (await KubectlAsync("create token robot --duration 20m")).Split('.').Length);
        Assert.Matches(@"\*\.\* +\[\] +\[\] +\[\*\]", await KubectlAsync("auth can-i --list"));
    }

    private static async Task LineAsync(Process process, string pattern)
    {
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Matches(pattern, line);
    }

    private Task<string> ReadyAsync() =>
        KubectlAsync($"patch capp one --subresource=status --type merge --patch-file {_tools.Write("ready.yaml", Ready)}");

    private Task<string> KubectlAsync(string arguments) => _tools.KubectlAsync($"-n {_home} {arguments}");
}
