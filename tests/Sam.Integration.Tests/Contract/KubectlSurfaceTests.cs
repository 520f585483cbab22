namespace Sam.Integration.Tests.Contract;

/// <summary>What the real <c>kubectl</c> makes of documents and tables.</summary>
public sealed class KubectlSurfaceTests : IAsyncLifetime
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: jugs.surface.example.com}
        spec:
          group: surface.example.com
          scope: Namespaced
          names: {kind: Jug, plural: jugs}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, description: A vessel., properties: {sizes: {type: array, items: {type: object, properties: {litres: {type: integer}}}}}}}}}
        """;

    private ClusterTools _tools = null!;

    public async ValueTask InitializeAsync() => _tools = await ClusterTools.StartAsync();

    public ValueTask DisposeAsync() => _tools.DisposeAsync();

    // The second form reads the document of everything in protobuf, as older Go clients do.
    [Theory]
    [InlineData("plaintext")]
    [InlineData("plaintext-openapiv2")]
    public async Task Explain_shows_the_fields_of_definitions_and_of_own_kinds(string form)
    {
        await _tools.KubectlAsync($"apply -f {_tools.Write("jugs.yaml", Definition)}");
        await _tools.KubectlAsync("wait --for=condition=Established crd/jugs.surface.example.com --timeout=60s");

        var jug = await _tools.KubectlAsync($"explain jug.spec --recursive --output={form}");
        var pod = await _tools.KubectlAsync($"explain pod.spec.containers.livenessProbe --recursive --output={form}");

        Assert.Contains("A vessel.", jug);
        Assert.Matches(@"sizes\s+<\[\]Object>\s+litres\s+<integer>", jug);
        Assert.Matches(@"httpGet\s+<(HTTPGetAction|Object)>\s+host\s+<string>\s+httpHeaders\s+<\[\](HTTPHeader|Object)>", pod);
    }

    [Theory]
    [InlineData("horizontalpodautoscalers --api-version=autoscaling/v1", "targetCPUUtilizationPercentage")]
    [InlineData("horizontalpodautoscalers --api-version=autoscaling/v2", "averageUtilization")]
    [InlineData("crd", "x-kubernetes-validations")]
    [InlineData("events --api-version=events.k8s.io/v1", "reportingController")]
    [InlineData("subjectaccessreviews", "nonResourceAttributes")]
    [InlineData("validatingwebhookconfigurations", "matchConditions")]
    public async Task Explain_knows_the_fields_of_a_kind_in_its_version(string kind, string field)
    {
        var explained = await _tools.KubectlAsync($"explain {kind} --recursive");

        Assert.Contains(field, explained);
    }

    [Fact]
    public async Task Everything_that_is_listed_can_be_got()
    {
        var names = await _tools.KubectlAsync("api-resources --verbs=list -o name");
        var all = names.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var printed = await _tools.KubectlAsync($"get {string.Join(',', all)} -A -o wide");

        Assert.True(all.Length > 40, names);
        Assert.Contains("clusterrole.rbac.authorization.k8s.io/cluster-admin", printed);
    }

    [Fact]
    public async Task Wide_tables_show_more_columns()
    {
        await _tools.KubectlAsync("create deployment web --image=web:1 --replicas=2");

        var narrow = await _tools.KubectlAsync("get deployments");
        var wide = await _tools.KubectlAsync("get deployments -o wide");

        Assert.Matches(@"NAME +READY +UP-TO-DATE +AVAILABLE +AGE\s+web +0/2 +0 +0 ", narrow);
        Assert.Matches(@"CONTAINERS +IMAGES +SELECTOR\s+web .* web +web:1 +app=web", wide);
    }
}
