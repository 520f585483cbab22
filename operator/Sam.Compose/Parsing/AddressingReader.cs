using System.Collections.Immutable;
using System.Net;
using Sam.Compose.Model;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>Names and addresses a container knows.</summary>
internal sealed class AddressingReader(Reading reading)
{
    public static bool Reads(string key) =>
        key is "hostname" or "domainname" or "dns" or "dns_opt" or "dns_search" or "extra_hosts";

    public ComposeService Read(ComposeService service, Entry entry)
    {
        var known = service.Addressing ?? new Addressing();
        known = entry.Key switch
        {
            "hostname" => known with { Hostname = Name(entry) },
            "domainname" => known with { DomainName = Name(entry) },
            "dns" => known with { Dns = Servers(entry) },
            "dns_opt" => known with { DnsOptions = reading.Words(entry.Node, entry.Path) },
            "dns_search" => known with { DnsSearch = reading.OneOrMore(entry.Node, entry.Path) },
            _ => known with { ExtraHosts = Hosts(entry) },
        };
        return service with { Addressing = known == new Addressing() ? null : known };
    }

    private string? Name(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { } name)
            return null;
        if (name.Length <= 253 && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-' or '_'))
            return name;
        reading.Invalid(entry.Node, entry.Path, "A host name has letters, digits, dots and hyphens");
        return null;
    }

    private ImmutableArray<string>? Servers(Entry entry)
    {
        var servers = reading.OneOrMore(entry.Node, entry.Path);
        if (servers is { } given && given.Any(server => !IPAddress.TryParse(server, out _)))
            reading.Invalid(entry.Node, entry.Path, "A DNS server is an IP address");
        return servers;
    }

    private ImmutableArray<string>? Hosts(Entry entry)
    {
        var hosts = ImmutableArray.CreateBuilder<string>();
        foreach (var (node, path, name, address) in Lines(entry))
        {
            if (address == "host-gateway")
                reading.Problems.Error(
                    node.Place,
                    path,
                    Refused,
                    "host-gateway leads to the host that other apps share; reach other apps through their routes"
                );
            else if (name.Length == 0 || !IPAddress.TryParse(address, out _))
                reading.Invalid(node, path, "Write it as name=address or name:address");
            else
                hosts.Add($"{name}={address}");
        }

        return hosts.Count == 0 ? null : [.. hosts.Order(StringComparer.Ordinal)];
    }

    private IEnumerable<(Node Node, string Path, string Name, string Address)> Lines(Entry entry)
    {
        switch (entry.Node)
        {
            case ListNode list:
                for (var index = 0; index < list.Items.Count; index++)
                {
                    var path = $"{entry.Path}[{index}]";
                    if (reading.Text(list.Items[index], path) is { } text)
                        yield return (list.Items[index], path, Left(text), Right(text));
                }

                break;
            case MapNode map:
                foreach (var pair in map.Entries)
                {
                    var path = Paths.Join(entry.Path, pair.Key);
                    foreach (var address in reading.OneOrMore(pair.Value, path) ?? [])
                        yield return (pair.Value, path, pair.Key, Bare(address));
                }

                break;
            default:
                reading.Invalid(entry.Node, entry.Path, "A map (name: address) or a list (- name=address) is needed here");
                break;
        }
    }

    // An address may hold colons of its own, so the first sign divides.
    private static int Sign(string text) => text.AsSpan().IndexOfAny('=', ':');

    private static string Left(string text) => Sign(text) is > 0 and var at ? text[..at].Trim() : "";

    private static string Right(string text) => Sign(text) is > 0 and var at ? Bare(text[(at + 1)..]) : "";

    private static string Bare(string address) => address.Trim().TrimStart('[').TrimEnd(']');
}
