using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Tables;

namespace Sam.Unit.Tests.DevCluster;

public sealed class BuiltInColumnTests
{
    private readonly TableWriter _tables = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero)));

    public static TheoryData<string> Kinds => [.. BuiltInTypes.All.Select(type => $"{type.Group}/{type.Version}/{type.Plural}")];

    public static TheoryData<string, string, string> Rows =>
        [
            (
                "/v1/pods",
                "{spec: {nodeName: n, containers: [{name: a}, {name: b}]}, status: {phase: Running, podIP: 10.0.0.1, containerStatuses: [{ready: true, restartCount: 2}]}}",
                "x|1/2|Running|2|10m|10.0.0.1|n|<none>|<none>"
            ),
            (
                "apps/v1/deployments",
                "{spec: {replicas: 3, selector: {matchLabels: {b: c, a: b}, matchExpressions: [{key: k, operator: In, values: [v, w]}]}, template: {spec: {containers: [{name: m, image: i:1}]}}}, status: {readyReplicas: 1, updatedReplicas: 2}}",
                "x|1/3|2|0|10m|m|i:1|a=b,b=c,k in (v,w)"
            ),
            (
                "/v1/services",
                "{spec: {type: LoadBalancer, clusterIP: 10.1.1.1, ports: [{port: 80, nodePort: 30080}, {port: 53, protocol: UDP}]}}",
                "x|LoadBalancer|10.1.1.1|<pending>|80:30080/TCP,53/UDP|10m|<none>"
            ),
            (
                "rbac.authorization.k8s.io/v1/rolebindings",
                "{roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}, {kind: User, name: v}, {kind: ServiceAccount, namespace: n, name: s}]}",
                "x|Role/r|10m|u, v||n/s"
            ),
            (
                "batch/v1/jobs",
                "{spec: {completions: 2}, status: {succeeded: 2, startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:01:05Z', conditions: [{type: Complete, status: 'True'}]}}",
                "x|Complete|2/2|65s|10m|||<none>"
            ),
            (
                "/v1/nodes",
                "{metadata: {labels: {node-role.kubernetes.io/worker: ''}}, spec: {unschedulable: true}, status: {conditions: [{type: Ready, status: 'True'}], nodeInfo: {kubeletVersion: v1}, addresses: [{type: InternalIP, address: 1.2.3.4}]}}",
                "x|Ready,SchedulingDisabled|worker|10m|v1|1.2.3.4|<none>|<unknown>|<unknown>|<unknown>"
            ),
            (
                "apiregistration.k8s.io/v1/apiservices",
                "{spec: {service: {namespace: n, name: s}}, status: {conditions: [{type: Available, status: 'False', reason: NoAnswer}]}}",
                "x|n/s|False (NoAnswer)|10m"
            ),
            (
                "networking.k8s.io/v1/ingresses",
                "{spec: {rules: [{host: a.example}, {host: b.example}], tls: [{}]}}",
                "x|<none>|a.example,b.example||80, 443|10m"
            ),
            (
                "/v1/resourcequotas",
                "{status: {hard: {pods: '5', limits.cpu: '2'}, used: {pods: '1'}}}",
                "x|pods: 1/5|limits.cpu: 0/2|10m"
            ),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_shows_what_kubectl_shows_of_a_real_cluster(string resource, string yaml, string expected)
    {
        var node = (JsonObject)YamlReading.Parse(yaml)!;

        var cells = Cells(resource, node);

        Assert.Equal(expected, string.Join('|', cells.Select(cell => cell.Text() ?? cell.ToText())));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_object_has_a_cell_in_every_column(string resource)
    {
        var type = Find(resource);

        var cells = Cells(resource, []);

        Assert.Equal(type.Columns.Count, cells.Count);
        Assert.Contains(type.Columns, column => column is { Name: "Name", Format: "name" });
    }

    private JsonArray Cells(string resource, JsonObject node)
    {
        node.Metadata()["name"] = "x";
        node.Metadata()["creationTimestamp"] = "2026-01-01T00:00:00Z";
        var table = _tables.Render(Find(resource), [node], null, "None");
        return table.Array("rows")![0].Array("cells")!;
    }

    private static ResourceType Find(string resource)
    {
        var parts = resource.Split('/');
        return BuiltInTypes.All.Single(type => type.Group == parts[0] && type.Version == parts[1] && type.Plural == parts[2]);
    }
}
