using System.Net;
using System.Net.Sockets;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Dns;

namespace Sam.Operator.Controllers.ComposeApps.Dns;

/// <summary>The DNS records of an app: every host that it publishes leads to its node. Pure.</summary>
internal static class AppRecords
{
    // Short, so that a node that is replaced is found soon.
    private const long Ttl = 60;

    /// <summary>The records, in the order of their names.</summary>
    public static IReadOnlyList<DnsRecord> Of(ComposeApp app, DeploymentNode node) =>
        [
            .. app
                .Status.Routes.Select(route => route.Host)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .SelectMany(host =>
                    (DnsRecord?[])
                        [Record(host, "A", node.Status.PublicIPv4), Record(host, "AAAA", FirstOf(node.Status.PublicIPv6))]
                )
                .OfType<DnsRecord>(),
        ];

    /// <summary>The object, owned by the app.</summary>
    public static DnsEndpoint New(ComposeApp app, IReadOnlyList<DnsRecord> records) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = app.Metadata.Name,
                NamespaceProperty = app.Metadata.NamespaceProperty,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.App] = app.Metadata.Name },
                OwnerReferences =
                [
                    new V1OwnerReference
                    {
                        ApiVersion = Names.ApiVersion,
                        Kind = "ComposeApp",
                        Name = app.Metadata.Name,
                        Uid = app.Metadata.Uid,
                        Controller = true,
                    },
                ],
            },
            Spec = new DnsEndpointSpec { Endpoints = [.. records] },
        };

    /// <summary>Whether it is the app's own.</summary>
    public static bool IsOf(ComposeApp app, DnsEndpoint found) =>
        found.Metadata.OwnerReferences?.Any(owner => owner.Uid == app.Metadata.Uid) == true;

    /// <summary>The records as text, to be compared.</summary>
    public static string TextOf(IEnumerable<DnsRecord> records) =>
        string.Join(
            '\n',
            records.Select(record =>
                $"{record.DnsName} {record.RecordTtl} {record.RecordType} {string.Join(' ', record.Targets)}"
            )
        );

    /// <summary>The server's address in the network that the provider gives it: the first one (<c>2001:db8:1::/64</c> gives <c>2001:db8:1::1</c>).</summary>
    public static string? FirstOf(string? network)
    {
        if (
            !IPAddress.TryParse((network ?? "").Split('/')[0], out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6
        )
            return null;
        var bytes = address.GetAddressBytes();
        if (network!.Contains('/', StringComparison.Ordinal) && bytes[^1] == 0)
            bytes[^1] = 1;
        return new IPAddress(bytes).ToString();
    }

    private static DnsRecord? Record(string host, string type, string? address) =>
        address is null
            ? null
            : new DnsRecord
            {
                DnsName = host,
                RecordType = type,
                RecordTtl = Ttl,
                Targets = [address],
            };
}
