using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>ports and expose: hints for routes.</summary>
internal sealed class PortReader(Reading reading)
{
    private const int MostOfRange = 200;

    public ImmutableArray<PortHint> Ports(Node node, string path)
    {
        if (Reading.IsNull(node) || reading.List(node, path) is not { } list)
            return [];
        var hints = ImmutableArray.CreateBuilder<PortHint>();
        for (var index = 0; index < list.Items.Count; index++)
        {
            var (item, below) = (list.Items[index], $"{path}[{index}]");
            hints.AddRange(item is MapNode map ? Long(map, below) : Short(item, below));
        }
        if (hints.Count > 0)
            reading.Problems.Warn(
                node.Place,
                path,
                Ignored,
                "No port is published on the host; add a route under spec.routes to reach the service"
            );
        return [.. hints.Distinct()];
    }

    public ImmutableArray<PortHint> Expose(Node node, string path)
    {
        if (Reading.IsNull(node) || reading.List(node, path) is not { } list)
            return [];
        return [.. list.Items.SelectMany((item, index) => Exposed(item, $"{path}[{index}]")).Distinct()];
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
        var range = (slash < 0 ? text : text[..slash]).Split('-');
        if (protocol is not ("tcp" or "udp" or "sctp") || range.Length > 2 || !IsPublished(published))
            return Fault(item, path);
        if (Port(range[0]) is not { } first || Port(range[^1]) is not { } last || last < first || last - first >= MostOfRange)
            return Fault(item, path);
        return Enumerable
            .Range(first, last - first + 1)
            .Select(port => new PortHint(
                port,
                protocol,
                string.IsNullOrEmpty(published) ? null : published,
                string.IsNullOrEmpty(host) ? null : host
            ));
    }

    private IEnumerable<PortHint> Long(MapNode map, string path)
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
