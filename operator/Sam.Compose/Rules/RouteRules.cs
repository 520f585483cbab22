using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Rules;

/// <summary>What must hold of an app's routes against its own model.</summary>
public static class RouteRules
{
    /// <summary>All violations at once, with paths below `routes`.</summary>
    public static ImmutableArray<ComposeProblem> Check(ComposeModel model, ImmutableArray<AppRoute> routes)
    {
        var problems = ImmutableArray.CreateBuilder<ComposeProblem>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var places = new Dictionary<RoutePlace, string>();
        foreach (var route in routes)
        {
            // By name, as the list is merged: an index would shift with every route above it.
            var path = $"routes[{route.Name}]";
            if (!names.Add(route.Name))
                problems.Add(
                    new($"{path}.name", ProblemCode.Duplicate, $"Route name {route.Name} is used twice; name each route once")
                );
            if (route.Redirect is null)
                CheckTarget(model, route, path, problems);
            else
                RedirectRules.Check(route, routes, path, problems);
            CheckPlace(route, path, problems);
            HeaderRules.Check(route.RequestHeaders, isRequest: true, $"{path}.requestHeaders", problems);
            HeaderRules.Check(route.ResponseHeaders, isRequest: false, $"{path}.responseHeaders", problems);
            if (!places.TryAdd(PlaceOf(route.Host, route.Path), route.Name))
            {
                var first = places[PlaceOf(route.Host, route.Path)];
                problems.Add(
                    new(
                        $"{path}.host",
                        ProblemCode.Duplicate,
                        $"{route.Host}{route.Path} already leads to route {first}; give one of them another host or path"
                    )
                );
            }
        }
        return problems.ToImmutable();
    }

    /// <summary>The port a route leads to: its own, or the only one the service names; null when that is not clear.</summary>
    public static int? PortOf(AppRoute route, ComposeService service)
    {
        if (route.Port is { } port)
            return port;
        int[] named =
        [
            .. service.Ports.Concat(service.Expose).Where(hint => hint.Protocol == "tcp").Select(hint => hint.Target).Distinct(),
        ];
        return named is [var only] ? only : null;
    }

    /// <summary>One spelling for one place: Caddy matches paths without regard to case.</summary>
    public static RoutePlace PlaceOf(string host, string path) => new(host, Normal(path).ToLowerInvariant());

    /// <summary>`/api/` and `/api` are the same place.</summary>
    public static string Normal(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    private static void CheckTarget(
        ComposeModel model,
        AppRoute route,
        string path,
        ImmutableArray<ComposeProblem>.Builder problems
    )
    {
        if (route.Port is < 1 or > 65535)
            problems.Add(new($"{path}.port", ProblemCode.InvalidValue, $"Port {route.Port} is no port; use 1 to 65535"));
        if (!model.Services.TryGetValue(route.Service, out var service))
        {
            problems.Add(
                new(
                    $"{path}.service",
                    ProblemCode.UndefinedReference,
                    $"Service {route.Service} is not in the Compose file; it has {string.Join(", ", model.Services.Keys)}"
                )
            );
        }
        else if (PortOf(route, service) is null)
        {
            problems.Add(
                new(
                    $"{path}.port",
                    ProblemCode.Required,
                    $"Service {route.Service} does not name exactly one TCP port; set port, or name one under ports or expose"
                )
            );
        }
    }

    private static void CheckPlace(AppRoute route, string path, ImmutableArray<ComposeProblem>.Builder problems)
    {
        if (HostNames.Fault(route.Host) is { } fault)
            problems.Add(new($"{path}.host", ProblemCode.InvalidValue, $"{route.Host} is no host name: {fault}"));
        if ((PathFault(route.Path) ?? PrefixFault(route.Path)) is { } wrong)
            problems.Add(new($"{path}.path", ProblemCode.InvalidValue, wrong));
        if (route.StripPrefix == true && Normal(route.Path) == "/")
            problems.Add(
                new(
                    $"{path}.stripPrefix",
                    ProblemCode.InvalidValue,
                    "Path / has nothing to take off; set path, or leave stripPrefix"
                )
            );
    }

    // What Caddy reads otherwise than it is written: a guarded place would not be where it seems to be.
    private static string? PrefixFault(string path) =>
        path.Any(symbol => symbol is '%' or '[' or ']' or '\\' or ';') ? $"Path {path} is a plain prefix: leave out % [ ] \\ ;"
        : path.TrimEnd('/').Split('/').Skip(1).Any(segment => segment is "" or "." or "..")
            ? $"Path {path} has an empty segment or dots; write it as requests arrive"
        : null;

    internal static string? PathFault(string path) =>
        !path.StartsWith('/') ? $"Path {path} must start with /"
        : path.Any(symbol => symbol is '*' or '?' or '#' or '{' or '}' || symbol <= ' ' || symbol > '~')
            ? $"Path {path} is a plain prefix: no wildcard, query or placeholder"
        : null;
}
