using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Rules;

/// <summary>What must hold of a route that leads away.</summary>
internal static class RedirectRules
{
    private static readonly ImmutableArray<int> s_codes = [301, 302, 303, 307, 308];

    public static void Check(
        AppRoute route,
        ImmutableArray<AppRoute> all,
        string path,
        ImmutableArray<ComposeProblem>.Builder problems
    )
    {
        var redirect = route.Redirect!;
        if (redirect.Host is { } host && HostNames.Fault(host) is { } fault)
            Add("redirect.host", $"{host} is no host name: {fault}");
        if (redirect.Path is { } target && RouteRules.PathFault(target) is { } wrong)
            Add("redirect.path", wrong);
        if (!s_codes.Contains(redirect.StatusCode))
            Add("redirect.statusCode", $"{redirect.StatusCode} is no redirect; use {string.Join(", ", s_codes)}");
        if (route.Port is not null)
            Add("port", "A redirect has no port; leave it out");
        if (route.StripPrefix == true)
            Add("stripPrefix", "A redirect has no service that a prefix could be kept from; leave it out");
        if (route.RequestHeaders is not null)
            Add("requestHeaders", "A redirect has no service that a request could reach; leave them out");
        if (LeadsToItself(route, all))
            Add(
                "redirect",
                "It leads to a place that it holds itself, and a browser would go round for ever; choose another host or path"
            );

        void Add(string field, string message) => problems.Add(new($"{path}.{field}", ProblemCode.InvalidValue, message));
    }

    private static bool LeadsToItself(AppRoute route, ImmutableArray<AppRoute> all)
    {
        var (host, path) = (route.Host, route.Path);
        var next = route;
        for (var step = 0; step < all.Length && next?.Redirect is { } redirect; step++)
        {
            (host, path) = (redirect.Host ?? host, redirect.Path ?? path);
            next = all.Where(other => other.Host == host && Holds(RouteRules.Normal(other.Path), path))
                .MaxBy(other => RouteRules.Normal(other.Path).Length);
            if (ReferenceEquals(next, route))
                return true;
        }

        return false;
    }

    private static bool Holds(string prefix, string path) =>
        // As Caddy matches: without regard to case.
        prefix == "/"
        || $"{path}/".StartsWith($"{prefix}/", StringComparison.OrdinalIgnoreCase);
}
