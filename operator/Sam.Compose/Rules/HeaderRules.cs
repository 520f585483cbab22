using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Rules;

/// <summary>Which headers a route may change (RFC 9110: 5.1, 5.5, 7.6.1).</summary>
internal static class HeaderRules
{
    private static readonly ImmutableHashSet<string> s_ofTheConnection = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection",
        "Content-Length",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade"
    );

    private static readonly ImmutableHashSet<string> s_ofTheProxy = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto"
    );

    public static void Check(HeaderChanges? changes, bool isRequest, string path, ImmutableArray<ComposeProblem>.Builder problems)
    {
        if (changes is null)
            return;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (list, header) in All(changes))
        {
            var place = $"{path}.{list}[{header.Name}]";
            if (NameFault(header.Name, isRequest) is { } fault)
                problems.Add(new(place, ProblemCode.InvalidValue, fault));
            else if (!seen.Add(header.Name))
                problems.Add(new(place, ProblemCode.Duplicate, $"{header.Name} is named twice; name each header once"));
            else if (isRequest && list != "set" && header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                problems.Add(new(place, ProblemCode.InvalidValue, "A request has exactly one Host; set it"));
            if (header.Value.Any(symbol => symbol is (< ' ' and not '\t') or > '~'))
                problems.Add(new(place, ProblemCode.InvalidValue, "A value is one line of ASCII text"));
        }
    }

    private static IEnumerable<(string List, HeaderValue Header)> All(HeaderChanges changes) =>
        changes
            .Set.Select(header => ("set", header))
            .Concat(changes.Add.Select(header => ("add", header)))
            .Concat(changes.Remove.Select(name => ("remove", new HeaderValue(name, ""))));

    // Caddy reads * in a name that is removed as a wildcard, so only what is common in names is let through.
    private static string? NameFault(string name, bool isRequest) =>
        name.Length == 0 || !name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_')
            ? "Use letters, digits, hyphens and underscores in the name of a header"
        : s_ofTheConnection.Contains(name) ? $"{name} belongs to the connection, which ends at the proxy; leave it out"
        : isRequest && s_ofTheProxy.Contains(name) ? $"{name} is written by the proxy itself; leave it out"
        : null;
}
