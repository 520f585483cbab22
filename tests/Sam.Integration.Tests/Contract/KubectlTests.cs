using System.Diagnostics;
using Sam.DevCluster;

namespace Sam.Integration.Tests.Contract;

/// <summary>What users do with the real <c>kubectl</c>.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: gadgets.kubectl.example.com}
        spec:
          group: kubectl.example.com
          scope: Namespaced
          names: {kind: Gadget, plural: gadgets, shortNames: [gdg], categories: [toys]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, description: What is wanted., properties: {size: {type: integer, minimum: 1, default: 1, description: How big it is.}}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;

    private const string Gadget = """
        apiVersion: kubectl.example.com/v1
        kind: Gadget
        metadata: {name: one, namespace: default}
        spec: {size: 2}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sam-kubectl-").FullName;
    private DevClusterServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await DevClusterServer.StartAsync();
        _server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Apply_is_unchanged_the_second_time_and_diff_is_silent()
    {
        await KubectlAsync(Definition, "apply", "-f", "-");

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
        await KubectlAsync(Definition, "apply", "-f", "-");
        await KubectlAsync(Gadget, "apply", "--server-side", "-f", "-");
        await KubectlAsync(
            "",
            "patch",
            "gdg",
            "one",
            "--subresource",
            "status",
            "--type",
            "merge",
            "-p",
            """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""
        );

        var table = await KubectlAsync("", "get", "toys", "-A");

        Assert.Matches(@"NAMESPACE +NAME +READY\s+default +one +True", table);
        Assert.Contains("condition met", await KubectlAsync("", "wait", "--for=condition=Ready", "gadget/one", "--timeout=10s"));
    }

    [Fact]
    public async Task Explain_prints_the_descriptions_of_the_schema()
    {
        await KubectlAsync(Definition, "apply", "-f", "-");

        var text = await KubectlAsync("", "explain", "gadget.spec.size");

        Assert.Contains("How big it is.", text);
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_refused_with_its_path()
    {
        await KubectlAsync(Definition, "apply", "-f", "-");

        var refusal = await KubectlAsync(Gadget.Replace("size: 2", "size: 0"), expectFailure: true, "apply", "-f", "-");

        Assert.Contains("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1", refusal);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_by_strict_validation()
    {
        await KubectlAsync(Definition, "apply", "-f", "-");

        var refusal = await KubectlAsync(Gadget.Replace("size: 2", "sice: 2"), expectFailure: true, "apply", "-f", "-");

        Assert.Contains("unknown field \"spec.sice\"", refusal);
    }

    [Fact]
    public async Task Built_in_kinds_are_created_labelled_and_deleted_with_their_namespace()
    {
        await KubectlAsync("", "create", "namespace", "room");
        await KubectlAsync("", "create", "configmap", "notes", "-n", "room", "--from-literal=a=b");
        await KubectlAsync("", "create", "secret", "generic", "keys", "-n", "room", "--from-literal=a=b");
        await KubectlAsync("", "label", "configmap", "notes", "-n", "room", "colour=red");

        Assert.Contains("notes", await KubectlAsync("", "get", "configmap", "-n", "room", "-l", "colour=red", "-o", "name"));
        await KubectlAsync("", "delete", "namespace", "room", "--timeout=20s");
        Assert.Contains("NotFound", await KubectlAsync("", expectFailure: true, "get", "namespace", "room"));
    }

    private Task<string> KubectlAsync(string input, params string[] arguments) =>
        KubectlAsync(input, expectFailure: false, arguments);

    private async Task<string> KubectlAsync(string input, bool expectFailure, params string[] arguments)
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
        var text = await output + await errors;
        Assert.True(
            process.ExitCode != 0 == expectFailure,
            $"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}"
        );
        return text;
    }
}
