using System.Diagnostics;
using Sam.Integration.Tests.Kit;
using Sam.Testing;

namespace Sam.Integration.Tests.Contract;

/// <summary>What users do with the real <c>kubectl</c>.</summary>
public sealed class KubectlTests(SharedCluster shared) : IAsyncLifetime
{
    // Every test has a kind, a group and a namespace of its own: names of the cluster are nobody's to share.
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-kubectl-").FullName;

    private string Group => $"k{_id}.example.com";

    private string Kind => $"gadget{_id}";

    private string Home => $"t-kubectl-{_id}";

    private string Definition =>
        $$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: "{{Kind}}s.{{Group}}"}
            spec:
              group: {{Group}}
              scope: Namespaced
              names: {kind: Gadget{{_id}}, singular: {{Kind}}, plural: {{Kind}}s, shortNames: [gdg{{_id}}], categories: [toys{{_id}}]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {} }
                additionalPrinterColumns:
                - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, description: What is wanted., properties: {size: {type: integer, minimum: 1, default: 1, description: How big it is.} } }
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    private string Gadget =>
        $$"""
            apiVersion: {{Group}}/v1
            kind: Gadget{{_id}}
            metadata: {name: one, namespace: {{Home}}}
            spec: {size: 2}
            """;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "kubeconfig"), shared.Cluster.Kubeconfig);
        await KubectlAsync("", "create", "namespace", Home);
    }

    public async ValueTask DisposeAsync()
    {
        // Somebody else's cluster is left as it was; ours ends with the run.
        var wait = shared.Cluster.Traits.OutlivesTests ? "--wait=true" : "--wait=false";
        await KubectlAsync("", "delete", "crd", $"{Kind}s.{Group}", "--ignore-not-found", wait);
        await KubectlAsync("", "delete", "namespace", Home, "--ignore-not-found", wait);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Apply_is_unchanged_the_second_time_and_diff_is_silent()
    {
        await DefineAsync();

        var first = await KubectlAsync(Gadget, "apply", "-f", "-");
        var second = await KubectlAsync(Gadget, "apply", "-f", "-");
        var diff = await KubectlAsync(Gadget, "diff", "-f", "-");

        Assert.Contains("created", first);
        Assert.Contains("unchanged", second);
        Assert.Equal("", diff);
    }

    [Fact]
    public async Task Get_prints_the_columns_of_the_definition()
    {
        await DefineAsync();
        await KubectlAsync(Gadget, "apply", "--server-side", "-f", "-");
        await KubectlAsync(
            "",
            "patch",
            $"gdg{_id}",
            "one",
            "-n",
            Home,
            "--subresource",
            "status",
            "--type",
            "merge",
            "-p",
            """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""
        );

        var table = await KubectlAsync("", "get", $"toys{_id}", "-A");

        Assert.Matches($@"NAMESPACE +NAME +READY\s+{Home} +one +True", table);
        Assert.Contains(
            "condition met",
            await KubectlAsync("", "wait", "-n", Home, "--for=condition=Ready", $"{Kind}/one", "--timeout=60s")
        );
    }

    [Fact]
    public async Task Explain_prints_the_descriptions_of_the_schema()
    {
        await DefineAsync();

        // A real server publishes a new schema a little later than the kind itself.
        await Poll.UntilAsync(
            async () =>
                (await RunAsync("", "explain", $"{Kind}.spec.size")).Text.Contains("How big it is.", StringComparison.Ordinal),
            () => Task.FromResult("no description"),
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_refused_with_its_path()
    {
        await DefineAsync();

        var refusal = await KubectlAsync(Gadget.Replace("size: 2", "size: 0"), expectFailure: true, "apply", "-f", "-");

        Assert.Contains("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1", refusal);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_by_strict_validation()
    {
        await DefineAsync();

        var refusal = await KubectlAsync(Gadget.Replace("size: 2", "sice: 2"), expectFailure: true, "apply", "-f", "-");

        Assert.Contains("unknown field \"spec.sice\"", refusal);
    }

    [Fact]
    [NeedsGarbageCollector]
    public async Task Built_in_kinds_are_created_labelled_and_deleted_with_their_namespace()
    {
        var room = $"{Home}-room";
        await KubectlAsync("", "create", "namespace", room);
        await KubectlAsync("", "create", "configmap", "notes", "-n", room, "--from-literal=a=b");
        await KubectlAsync("", "create", "secret", "generic", "keys", "-n", room, "--from-literal=a=b");
        await KubectlAsync("", "label", "configmap", "notes", "-n", room, "colour=red");

        Assert.Contains("notes", await KubectlAsync("", "get", "configmap", "-n", room, "-l", "colour=red", "-o", "name"));
        await KubectlAsync("", "delete", "namespace", room, "--timeout=60s");
        Assert.Contains("NotFound", await KubectlAsync("", expectFailure: true, "get", "namespace", room));
    }

    /// <summary>Applies the definition and waits until the kind can be used.</summary>
    private async Task DefineAsync()
    {
        await KubectlAsync(Definition, "apply", "-f", "-");
        await KubectlAsync("", "wait", "--for=condition=Established", $"crd/{Kind}s.{Group}", "--timeout=60s");
        await Poll.UntilAsync(
            async () => (await RunAsync("", "get", $"{Kind}s.{Group}", "-n", Home)).ExitCode == 0,
            () => Task.FromResult($"{Kind} is not served"),
            TestContext.Current.CancellationToken
        );
    }

    private Task<string> KubectlAsync(string input, params string[] arguments) =>
        KubectlAsync(input, expectFailure: false, arguments);

    private async Task<string> KubectlAsync(string input, bool expectFailure, params string[] arguments)
    {
        var (exitCode, text) = await RunAsync(input, arguments);
        Assert.True(exitCode != 0 == expectFailure, $"kubectl {string.Join(' ', arguments)} ended with {exitCode}: {text}");
        return text;
    }

    private async Task<(int ExitCode, string Text)> RunAsync(string input, params string[] arguments)
    {
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "kubectl"))
            .FirstOrDefault(File.Exists);
        if (kubectl is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("kubectl is missing on the CI machine");
        Assert.SkipWhen(kubectl is null, "kubectl is not installed");
        var start = new ProcessStartInfo(kubectl!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(_folder, "kubeconfig");
        start.Environment["HOME"] = _folder; // discovery is cached there
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
