using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Sam.Operator.Clients.Dns;

/// <summary>DNS records that external-dns makes; its kind, not ours.</summary>
[KubernetesEntity(Group = "externaldns.k8s.io", ApiVersion = "v1alpha1", Kind = "DNSEndpoint", PluralName = "dnsendpoints")]
public sealed class DnsEndpoint : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Group and version.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    /// <summary>The kind's name.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <summary>Standard object metadata.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The records.</summary>
    [JsonPropertyName("spec")]
    public DnsEndpointSpec Spec { get; set; } = new();
}

/// <summary>The records of a DNSEndpoint.</summary>
public sealed class DnsEndpointSpec
{
    /// <summary>One entry a name and type.</summary>
    [JsonPropertyName("endpoints")]
    public IList<DnsRecord> Endpoints { get; set; } = [];
}

/// <summary>One name with its addresses.</summary>
public sealed class DnsRecord
{
    /// <summary>The name.</summary>
    [JsonPropertyName("dnsName")]
    public string DnsName { get; set; } = "";

    /// <summary>A or AAAA.</summary>
    [JsonPropertyName("recordType")]
    public string RecordType { get; set; } = "";

    /// <summary>Seconds that resolvers may keep it.</summary>
    [JsonPropertyName("recordTTL")]
    public long RecordTtl { get; set; }

    /// <summary>The addresses.</summary>
    [JsonPropertyName("targets")]
    public IList<string> Targets { get; set; } = [];
}
