using k8s;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Dns;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Integration.Tests.ComposeApps;

/// <summary>DNS records for external-dns: made, kept, taken away, and missed without harm while their kind is not installed.</summary>
public sealed class DnsEndpointTests(SharedCluster shared) : OperatorTest(shared)
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: dnsendpoints.externaldns.k8s.io
          annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/external-dns/pull/2007"}
        spec:
          group: externaldns.k8s.io
          scope: Namespaced
          names: {kind: DNSEndpoint, listKind: DNSEndpointList, plural: dnsendpoints, singular: dnsendpoint}
          versions:
            - name: v1alpha1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      properties:
                        endpoints:
                          type: array
                          items:
                            type: object
                            properties:
                              dnsName: {type: string}
                              recordType: {type: string}
                              recordTTL: {type: integer, format: int64}
                              targets: {type: array, items: {type: string}}
        """;

    private readonly KubernetesResourceClient<V1CustomResourceDefinition> _definitions = new(
        shared.Cluster.Transport,
        new AlwaysLeader(),
        []
    );

    [Fact, DevClusterOnly("installs and removes a kind of the whole cluster that may be in use")]
    public async Task Records_follow_hosts_and_the_switch_once_the_kind_is_there()
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node().With(node => node.Spec.DnsEndpoint = true), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        var app = await AppAsync(A.App());
        await ReasonAsync(DnsPublished.ExternalDnsMissing.Name, "False");

        await _definitions.CreateAsync(KubernetesYaml.Deserialize<V1CustomResourceDefinition>(Definition), Cancel);
        try
        {
            await TouchAsync("1");
            await ReasonAsync(DnsPublished.Published.Name, "True");
            var node = await Kube.GetAsync<DeploymentNode>("edge", Cancel);
            var made = await Kube.GetAsync<DnsEndpoint>("shop", Cancel);
            Assert.Equal(app.Metadata.Uid, Assert.Single(made.Metadata.OwnerReferences).Uid);
            Assert.Equal(["A", "AAAA"], made.Spec.Endpoints.Select(record => record.RecordType));
            Assert.All(made.Spec.Endpoints, record => Assert.Equal(($"shop.{A.Domain}", 60), (record.DnsName, record.RecordTtl)));
            Assert.Equal([node.Status.PublicIPv4!], made.Spec.Endpoints[0].Targets);
            Assert.EndsWith("::1", Assert.Single(made.Spec.Endpoints[1].Targets), StringComparison.Ordinal);

            await Kube.EditAsync<ComposeApp>("shop", edit => edit.Spec.Routes[0].Host = $"new.{A.Domain}", Cancel);
            await UntilAsync(found => found?.Spec.Endpoints.All(record => record.DnsName == $"new.{A.Domain}") == true);

            await Kube.EditAsync<DeploymentNode>("edge", edit => edit.Spec.DnsEndpoint = null, Cancel);
            await UntilAsync(found => found is null);
            await ReasonAsync(DnsPublished.NoRecords.Name, "True");

            await Kube.CreateAsync(new DnsEndpoint { Metadata = new V1ObjectMeta { Name = "shop" } }, Cancel);
            await Kube.EditAsync<DeploymentNode>("edge", edit => edit.Spec.DnsEndpoint = true, Cancel);
            await ReasonAsync(DnsPublished.NameTaken.Name, "False");
            await Kube.DeleteAsync<DnsEndpoint>("shop", Cancel);
            await TouchAsync("2");
            await ReasonAsync(DnsPublished.Published.Name, "True");

            await Kube.DeleteAsync<ComposeApp>("shop", Cancel);
            await Expect.GoneAsync<ComposeApp>("shop", Cancel);
            await UntilAsync(found => found is null);
        }
        finally
        {
            await _definitions.DeleteAsync("", "dnsendpoints.externaldns.k8s.io", null, CancellationToken.None);
        }
    }

    private Task ReasonAsync(string reason, string status) =>
        Expect.ConditionAsync<ComposeApp>("shop", "DnsPublished", status, reason, Cancel);

    // The operator looks again by itself after a minute; an edit is sooner.
    private Task TouchAsync(string value) =>
        Kube.EditAsync<ComposeApp>(
            "shop",
            edit => edit.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["touched"] = value },
            Cancel
        );

    private Task UntilAsync(Func<DnsEndpoint?, bool> holds) =>
        Poll.UntilAsync(
            async () => holds(await Kube.FindAsync<DnsEndpoint>("shop", Cancel)),
            async () => $"DNSEndpoint shop is {KubernetesJson.Serialize(await Kube.FindAsync<DnsEndpoint>("shop", Cancel))}",
            Cancel
        );
}
