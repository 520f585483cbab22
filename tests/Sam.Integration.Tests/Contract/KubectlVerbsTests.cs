namespace Sam.Integration.Tests.Contract;

/// <summary>The verbs of the real <c>kubectl</c> on built-in kinds.</summary>
public sealed class KubectlVerbsTests : IAsyncLifetime
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: main, image: "web:1"}]}
        """;

    private ClusterTools _tools = null!;

    public async ValueTask InitializeAsync() => _tools = await ClusterTools.StartAsync();

    public ValueTask DisposeAsync() => _tools.DisposeAsync();

    [Fact]
    public async Task A_strategic_patch_merges_containers_by_name()
    {
        await _tools.KubectlAsync($"apply -f {_tools.Write("web.yaml", Deployment)}");

        await _tools.KubectlAsync(
            """patch deployment web -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}" """
        );

        Assert.Equal("web:1", await _tools.KubectlAsync("get deployment web -o jsonpath={..image}"));
        Assert.Equal("A", await _tools.KubectlAsync("get deployment web -o jsonpath={..env[0].name}"));
    }

    [Fact]
    public async Task Scale_expose_and_set_image_change_a_deployment()
    {
        await _tools.KubectlAsync($"apply -f {_tools.Write("web.yaml", Deployment)}");

        await _tools.KubectlAsync("scale deployment web --replicas=3");
        await _tools.KubectlAsync("set image deployment/web main=web:2");
        await _tools.KubectlAsync("expose deployment web --port=80");

        Assert.Matches(@"web +0/3 +0 +0", await _tools.KubectlAsync("get deployment web"));
        Assert.Equal("web:2", await _tools.KubectlAsync("get deployment web -o jsonpath={..image}"));
        Assert.Matches(@"web +ClusterIP +10\.0\.[0-9]+\.[0-9]+ +<none> +80/TCP", await _tools.KubectlAsync("get service web"));
    }

    [Fact]
    public async Task Edit_label_annotate_and_replace_change_a_config_map()
    {
        await _tools.KubectlAsync("create configmap notes --from-literal=a=before");
        var editor = _tools.Write("edit.sh", "#!/bin/sh\nsed -i s/before/after/ \"$1\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await _tools.KubectlAsync("edit configmap notes", editor: editor);
        await _tools.KubectlAsync("label configmap notes colour=red");
        await _tools.KubectlAsync("annotate configmap notes why=test");

        Assert.Equal(
            "afterredtest",
            await _tools.KubectlAsync(
                "get configmap notes -o jsonpath={.data.a}{.metadata.labels.colour}{.metadata.annotations.why}"
            )
        );
        var file = _tools.Write("notes.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\ndata: {a: replaced}\n");
        await _tools.KubectlAsync($"replace --force -f {file}");
        Assert.Equal("replaced", await _tools.KubectlAsync("get configmap notes -o jsonpath={.data.a}"));
    }

    [Fact]
    public async Task Delete_waits_for_finalizers_and_wait_sees_the_end()
    {
        await _tools.KubectlAsync("create configmap held --from-literal=a=b");
        await _tools.KubectlAsync(
            """patch configmap held --type merge -p "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}" """
        );

        await _tools.KubectlAsync("delete configmap held --wait=false --cascade=foreground");
        await _tools.KubectlAsync("wait --for=jsonpath={.metadata.deletionGracePeriodSeconds}=0 configmap/held --timeout=60s");
        await _tools.KubectlAsync(
            """patch configmap held --type json -p "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]" """
        );

        await _tools.KubectlAsync("wait --for=delete configmap/held --timeout=60s");
        Assert.Contains("NotFound", await _tools.KubectlAsync("get configmap held", exitCode: 1));
    }

    [Fact]
    public async Task Discovery_and_explain_name_what_is_served()
    {
        var resources = await _tools.KubectlAsync("api-resources -o wide");
        var explained = await _tools.KubectlAsync("explain configmap --recursive");

        Assert.Matches(@"deployments +deploy +apps/v1 +true +Deployment +create,delete,deletecollection,get", resources);
        Assert.Contains("binaryData\t<map[string]string>", explained);
        Assert.Contains("No events found", await _tools.KubectlAsync("events"));
    }
}
