using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sam.Compose.Model;
using Sam.Compose.Planning;
using Sam.Compose.Rules;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Routes of an app, from what the user wrote to what Caddy serves. Pure.</summary>
internal static class AppRoutes
{
    /// <summary>Routes with their hosts: the written one, or one under the node's domain.</summary>
    public static ImmutableArray<AppRoute> Of(ComposeApp app, string? domain) =>
        [
            .. app.Spec.Routes.Select(route => new AppRoute
            {
                Name = route.Name,
                Service = route.Service,
                Port = route.Port,
                Host = route.Host ?? DefaultHost(app, route, domain),
                Path = route.Path,
            }),
        ];

    /// <summary>The routes as status shows them and the node serves them.</summary>
    public static IList<RouteStatus> Published(string uid, ReleaseSpec release) =>
        [
            .. release.Routes.Select(route => new RouteStatus
            {
                Name = route.Name,
                Host = route.Host,
                Path = RouteRules.Normal(route.Path),
                Url = $"https://{route.Host}{RouteRules.Normal(route.Path)}",
                Upstream = EngineNames.EdgeAlias(uid, route.Service),
                Port = RouteRules.PortOf(route, release.Model.Services[route.Service]),
            }),
        ];

    /// <summary>Identity of published routes; the node repeats it once Caddy serves them.</summary>
    public static string HashOf(IEnumerable<RouteStatus> routes)
    {
        var text = string.Join(
            '\n',
            routes.Select(route => $"{route.Name} {route.Host}{route.Path} {route.Upstream}:{route.Port}")
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>What an app wants of a node's hosts.</summary>
    public static RouteClaimant Claim(ComposeApp app, string? domain) =>
        new(
            app.Metadata.Uid,
            app.Metadata.NamespaceProperty,
            app.Metadata.Name,
            new DateTimeOffset(app.Metadata.CreationTimestamp ?? DateTime.UnixEpoch, TimeSpan.Zero),
            [.. Of(app, domain).Select(route => new RoutePlace(route.Host, route.Path))]
        );

    private static string DefaultHost(ComposeApp app, RouteSpec route, string? domain)
    {
        var first = app.Spec.Routes.Count == 1 ? app.Metadata.Name : $"{route.Name}-{app.Metadata.Name}";
        return domain is null ? "" : $"{first}.{app.Metadata.NamespaceProperty}.{domain}";
    }
}
