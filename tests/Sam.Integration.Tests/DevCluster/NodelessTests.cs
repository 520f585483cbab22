namespace Sam.Integration.Tests.DevCluster;

/// <summary>What needs a running pod or node, in a cluster that runs none.</summary>
public sealed class NodelessTests : DevClusterTest
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    private const string Pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}";

    [Theory]
    [InlineData(Pods + "/p/log", 400, "pod p does not have a host assigned")]
    [InlineData(Pods + "/p/exec?command=sh", 400, "pod p does not have a host assigned")]
    [InlineData(Pods + "/none/log", 404, "pods \"none\" not found")]
    [InlineData(Pods + "/p/proxy/", 400, "address not allowed")]
    [InlineData("/api/v1/namespaces/default/services/https:s:443/proxy/", 404, "services \"s\" not found")]
    [InlineData("/api/v1/nodes/n/proxy/metrics", 404, "nodes \"n\" not found")]
    public async Task What_no_node_can_answer_is_refused_with_the_reason(string path, int status, string message)
    {
        await CreateAsync(Pods, Pod);

        var answer = await Api.GetAsync(path);

        Assert.Equal((status, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_binding_names_the_node_of_a_pod_once()
    {
        const string binding = "{apiVersion: v1, kind: Binding, metadata: {name: p}, target: {kind: Node, name: n}}";
        await CreateAsync(Pods, Pod);

        await CreateAsync(Pods + "/p/binding", binding);
        var again = await Api.PostAsync("/api/v1/namespaces/default/bindings", binding);

        Assert.Equal("n", (await Api.GetAsync(Pods + "/p")).Text("spec", "nodeName"));
        Assert.Equal(409, again.Status);
        Assert.Equal("nodes \"n\" not found", (await Api.GetAsync(Pods + "/p/log")).Message);
    }

    [Fact]
    public async Task An_evicted_pod_is_gone()
    {
        await CreateAsync(Pods, Pod);

        await CreateAsync(Pods + "/p/eviction", "{apiVersion: policy/v1, kind: Eviction, metadata: {name: p}}");

        Assert.Equal(404, (await Api.GetAsync(Pods + "/p")).Status);
    }

    [Fact]
    public async Task Parts_of_the_control_plane_are_an_empty_list()
    {
        var answer = await Api.GetAsync("/api/v1/componentstatuses");

        Assert.Equal("ComponentStatusList", answer.Text("kind"));
        Assert.Empty(answer.At("items")!.AsArray());
    }
}
