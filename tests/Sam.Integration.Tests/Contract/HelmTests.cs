namespace Sam.Integration.Tests.Contract;

/// <summary>The life of a release with the real <c>helm</c> 4.</summary>
public sealed class HelmTests : IAsyncLifetime
{
    private ClusterTools _tools = null!;

    public async ValueTask InitializeAsync() => _tools = await ClusterTools.StartAsync();

    public ValueTask DisposeAsync() => _tools.DisposeAsync();

    [Fact]
    public async Task A_chart_with_a_definition_is_installed_upgraded_rolled_back_and_removed()
    {
        WriteChart();

        await _tools.HelmAsync("install one ./chart -n apps --create-namespace --wait --timeout 60s");
        await _tools.HelmAsync("upgrade one ./chart -n apps --set colour=blue --wait --timeout 60s");
        var upgraded = await _tools.KubectlAsync("get configmap one -n apps -o jsonpath={.data.colour}");
        await _tools.HelmAsync("rollback one 1 -n apps --wait --timeout 60s");
        var rolledBack = await _tools.KubectlAsync("get configmap one -n apps -o jsonpath={.data.colour}");
        var history = await _tools.HelmAsync("history one -n apps");
        await _tools.HelmAsync("uninstall one -n apps --wait --timeout 60s");

        Assert.Equal("blue", upgraded);
        Assert.Equal("red", rolledBack);
        Assert.Contains("Rollback to 1", history);
        Assert.Contains("NotFound", await _tools.KubectlAsync("get configmap one -n apps", exitCode: 1));
        await _tools.KubectlAsync("get crd lamps.helm.example.com"); // definitions of crds/ outlive the release
    }

    [Fact]
    public async Task The_chart_that_helm_itself_makes_is_stored_with_all_its_kinds()
    {
        await _tools.HelmAsync("create starter");

        await _tools.HelmAsync(
            "install starter ./starter -n apps --create-namespace --set ingress.enabled=true --set autoscaling.enabled=true"
        );
        await _tools.HelmAsync("upgrade starter ./starter -n apps --set replicaCount=2");

        Assert.Equal("2", await _tools.KubectlAsync("get deployment starter -n apps -o jsonpath={.spec.replicas}"));
        Assert.Contains("No resources", await _tools.KubectlAsync("get ingress,hpa -n apps"));
        await _tools.HelmAsync("uninstall starter -n apps");
    }

    private void WriteChart()
    {
        _tools.Write("chart/Chart.yaml", "{apiVersion: v2, name: chart, version: 0.1.0}");
        _tools.Write("chart/values.yaml", "colour: red");
        _tools.Write(
            "chart/crds/lamps.yaml",
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: lamps.helm.example.com}
            spec:
              group: helm.example.com
              scope: Namespaced
              names: {kind: Lamp, plural: lamps}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {on: {type: boolean}}}}}}}
            """
        );
        _tools.Write(
            "chart/templates/all.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "{{ .Release.Name }}"}
            data: {colour: "{{ .Values.colour }}"}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: "{{ .Release.Name }}"}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: helm.example.com/v1
            kind: Lamp
            metadata: {name: "{{ .Release.Name }}"}
            spec: {on: true}
            """
        );
    }
}
