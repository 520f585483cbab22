using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
                Service = route.Service ?? "",
                Port = route.Port,
                Host = route.Host ?? DefaultHost(app, route, domain),
                Path = route.Path,
                StripPrefix = route.StripPrefix == true ? true : null,
                Redirect = route.Redirect is { } away ? new RouteRedirect(away.Host, away.Path, away.StatusCode) : null,
                RequestHeaders = HeaderWords.Of(route.RequestHeaders),
                ResponseHeaders = HeaderWords.Of(route.ResponseHeaders),
                BasicAuthSecret = route.BasicAuth?.SecretRef.Name,
            }),
        ];

    /// <summary>The routes as status shows them and the node serves them.</summary>
    public static IList<RouteStatus> Published(string uid, ReleaseSpec release) =>
        [.. release.Routes.Select(route => Published(uid, release, route))];

    /// <summary>Identity of published routes; the node repeats it once Caddy serves them.</summary>
    public static string HashOf(IEnumerable<RouteStatus> routes)
    {
        var text = string.Join('\n', routes.Select(Line));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>What an app wants of a node's hosts.</summary>
    public static RouteClaimant Claim(ComposeApp app, string? domain) =>
        new(
            app.Metadata.Uid,
            app.Metadata.NamespaceProperty,
            app.Metadata.Name,
            new DateTimeOffset(app.Metadata.CreationTimestamp ?? DateTime.UnixEpoch, TimeSpan.Zero),
            [
                .. Of(app, domain)
                    .Select(route => new RoutePlace(route.Host, route.Path))
                    // What it serves still, by the release that runs, is not free yet.
                    .Concat(app.Status.Routes.Select(route => new RoutePlace(route.Host!, route.Path!))),
            ]
        );

    private static RouteStatus Published(string uid, ReleaseSpec release, AppRoute route)
    {
        var status = new RouteStatus
        {
            Name = route.Name,
            Host = route.Host,
            Path = RouteRules.Normal(route.Path),
            Url = $"https://{route.Host}{RouteRules.Normal(route.Path)}",
            ResponseHeaders = HeaderWords.Of(route.ResponseHeaders),
            BasicAuth = route.BasicAuthSecret is { } secret ? new BasicAuthSpec { SecretRef = new() { Name = secret } } : null,
        };
        if (route.Redirect is { } away)
            return status with
            {
                Redirect = new RedirectSpec
                {
                    Host = away.Host,
                    Path = away.Path,
                    StatusCode = away.StatusCode,
                },
            };
        return status with
        {
            Upstream = EngineNames.EdgeAlias(uid, route.Service),
            Port = RouteRules.PortOf(route, release.Model.Services[route.Service]),
            StripPrefix = route.StripPrefix,
            RequestHeaders = HeaderWords.Of(route.RequestHeaders),
        };
    }

    // A plain route's line stays what it was before routes could do more, so that an upgrade of SAM changes no identity.
    private static string Line(RouteStatus route)
    {
        var plain = $"{route.Name} {route.Host}{route.Path} {route.Upstream}:{route.Port}";
        return route is { StripPrefix: null, Redirect: null, RequestHeaders: null, ResponseHeaders: null, BasicAuth: null }
            ? plain
            : plain
                + " "
                + JsonSerializer.Serialize(
                    new
                    {
                        route.StripPrefix,
                        route.Redirect,
                        route.RequestHeaders,
                        route.ResponseHeaders,
                        Secret = route.BasicAuth?.SecretRef.Name,
                        route.LoginRevision,
                    }
                );
    }

    private static string DefaultHost(ComposeApp app, RouteSpec route, string? domain)
    {
        var first = app.Spec.Routes.Count == 1 ? app.Metadata.Name : $"{route.Name}-{app.Metadata.Name}";
        return domain is null ? "" : $"{first}.{app.Metadata.NamespaceProperty}.{domain}";
    }
}
