using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>ports and expose: hints for routes.</summary>
internal sealed class PortReader(Reading reading)
{
    private const int MostOfRange = 200;

    public ImmutableArray<PortHint> Ports(Entry ports, Written written)
    {
        if (reading.List(ports.Node, ports.Path) is not { } list)
            return [];
        var hints = ImmutableArray.CreateBuilder<PortHint>();
        var shown = new JsonArray();
        for (var index = 0; index < list.Items.Count; index++)
        {
            var (item, below) = (list.Items[index], $"{ports.Path}[{index}]");
            var further = new Written();
            foreach (var hint in item is MapNode map ? Long(map, below, further) : Short(item, below))
            {
                hints.Add(hint);
                if (Shown(hint, further) is var port && !shown.Any(other => JsonNode.DeepEquals(other, port)))
                    shown.Add(port);
            }
        }
        written.Keep("ports", shown.Count == 0 ? null : shown);
        if (hints.Count > 0)
            reading.Problems.Warn(
                ports.Node.Place,
                ports.Path,
                Ignored,
                "No port is published on the host; add a route under spec.routes to reach the service"
            );
        return [.. hints.Distinct()];
    }

    public ImmutableArray<PortHint> Expose(Entry expose, Written written)
    {
        if (reading.List(expose.Node, expose.Path) is not { } list)
            return [];
        written.Keep("expose", Json.Strings(reading.Words(list, expose.Path)));
        return [.. list.Items.SelectMany((item, index) => Exposed(item, $"{expose.Path}[{index}]")).Distinct()];
    }

    private static JsonObject Shown(PortHint hint, Written further)
    {
        var port = new JsonObject
        {
            ["mode"] = "ingress",
            ["target"] = hint.Target,
            ["protocol"] = hint.Protocol,
        };
        if (hint.HostIp is not null)
            port["host_ip"] = hint.HostIp;
        if (hint.Published is not null)
            port["published"] = hint.Published;
        foreach (var (key, value) in further.All)
            port[key] = value;
        return port;
    }

    private IEnumerable<PortHint> Exposed(Node item, string path) =>
        reading.Scalar(item, path) is { } text ? Hints(item, path, text, null, null) : [];

    private IEnumerable<PortHint> Short(Node item, string path)
    {
        if (reading.Scalar(item, path) is not { } text)
            return [];
        // An IPv6 host address stands in brackets and holds colons of its own.
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var host = bracket > 0 ? text[1..bracket] : null;
        var parts = (bracket > 0 ? text[(bracket + 1)..].TrimStart(':') : text).Split(':');
        switch (parts)
        {
            case [var target]:
                return Hints(item, path, target, null, host);
            case [var published, var target]:
                return Hints(item, path, target, published, host);
            case [var address, var published, var target] when host is null:
                return Hints(item, path, target, published, address);
            default:
                return Fault(item, path);
        }
    }

    private IEnumerable<PortHint> Hints(Node item, string path, string text, string? published, string? host)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        if (
            protocol is not ("tcp" or "udp" or "sctp")
            || !IsPublished(published)
            || Inside(slash < 0 ? text : text[..slash]) is not { } inside
            || Outside(published, inside.Length) is not { } outside
        )
            return Fault(item, path);
        return inside.Select(
            (port, index) =>
                new PortHint(
                    port,
                    protocol,
                    outside.Length == 0 ? null : outside[Math.Min(index, outside.Length - 1)],
                    string.IsNullOrEmpty(host) ? null : host
                )
        );
    }

    private static ImmutableArray<int>? Inside(string text) =>
        text.Split('-') is { Length: <= 2 } range
        && Port(range[0]) is { } first
        && Port(range[^1]) is { } last
        && last >= first
        && last - first < MostOfRange
            ? [.. Enumerable.Range(first, last - first + 1)]
            : null;

    /// <summary>Host ports for so many container ports: none, one each, or one range for a single one; null if they do not fit.</summary>
    private static ImmutableArray<string>? Outside(string? published, int count)
    {
        if (string.IsNullOrEmpty(published))
            return [];
        var range = published.Split('-').Select(part => Port(part)!.Value).ToArray();
        var length = range[^1] - range[0] + 1;
        if (length == count)
            return [.. Enumerable.Range(range[0], count).Select(port => port.ToString())];
        return count == 1 && length > 1 ? [published] : null;
    }

    private IEnumerable<PortHint> Long(MapNode map, string path, Written further)
    {
        int? target = null;
        var (protocol, published, host) = ("tcp", (string?)null, (string?)null);
        foreach (var entry in reading.Entries(map, path, KeyScope.Port))
        {
            var text = reading.Scalar(entry.Node, entry.Path);
            switch (entry.Key)
            {
                case "target":
                    target = (int?)reading.Integer(entry.Node, entry.Path, 1, 65535);
                    break;
                case "protocol" when text is "tcp" or "udp" or "sctp":
                    protocol = text;
                    break;
                case "protocol":
                    reading.Invalid(entry.Node, entry.Path, "Use tcp or udp");
                    break;
                case "published":
                    published = text;
                    break;
                case "host_ip":
                    host = text;
                    break;
                default:
                    further.Keep(entry.Key, text);
                    break;
            }
        }
        if (!map.Entries.Any(entry => entry.Key == "target"))
            reading.Problems.Error(map.Place, $"{path}.target", Required, "The long form needs target, the container port");
        return target is { } port ? [new PortHint(port, protocol, published, host)] : [];
    }

    private static bool IsPublished(string? text) =>
        text is null or "" || text.Split('-') is { Length: <= 2 } range && range.All(part => Port(part) is not null);

    private static int? Port(string text) =>
        text.Length is >= 1 and <= 5 && text.All(char.IsAsciiDigit) && int.Parse(text) is var port and >= 1 and <= 65535
            ? port
            : null;

    private IEnumerable<PortHint> Fault(Node item, string path)
    {
        reading.Invalid(
            item,
            path,
            $"{Reading.Shown(item)} is no port; write it like 3000, 8080:3000 or 3000/udp, ranges of at most {MostOfRange}"
        );
        return [];
    }
}
