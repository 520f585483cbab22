using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rendering;
using Sam.Compose.Rules;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Controllers.ComposeApps.Logins;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>From a node and its apps to the document that Caddy runs. Pure.</summary>
internal static class NodeDocument
{
    /// <summary>Routes of an app that are to be served: published by it, while it is not being deleted.</summary>
    public static IEnumerable<RouteStatus> RoutesOf(ComposeApp app) =>
        app.Metadata.DeletionTimestamp is null ? app.Status.Routes : [];

    /// <summary>Names of the Secrets that routes with basic auth are opened by.</summary>
    public static IEnumerable<string> SecretsOf(IEnumerable<ComposeApp> apps) =>
        apps.SelectMany(RoutesOf)
            .Select(route => route.BasicAuth?.SecretRef.Name)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    /// <summary>Identity of an app's routes as this document serves them: with the logins that were read for it, whatever the app read.</summary>
    public static string HashOf(ComposeApp app, ImmutableDictionary<string, RouteLogin> logins) =>
        AppRoutes.HashOf(
            app.Status.Routes.Select(route =>
                route.BasicAuth is { SecretRef: { } secret } ? route with { LoginRevision = logins[secret.Name].Revision } : route
            )
        );

    /// <summary>The document. Of two routes for one place the older app's is kept, whatever the apps say.</summary>
    /// <param name="node">The node.</param>
    /// <param name="apps">Its apps, the oldest first.</param>
    /// <param name="logins">What the Secrets of <see cref="SecretsOf"/> hold.</param>
    public static string Render(
        DeploymentNode node,
        IEnumerable<ComposeApp> apps,
        ImmutableDictionary<string, RouteLogin> logins
    ) =>
        CaddyDocument.Render(
            new CaddyNode
            {
                Tls = node.Spec.Tls == TlsMode.Internal ? CaddyTls.Internal : CaddyTls.Acme,
                Email = node.Spec.Acme?.Email,
                CaServer = node.Spec.Acme?.CaServer,
                AdminSocket = CaddyContainer.AdminSocket,
                Routes =
                [
                    .. apps.SelectMany(app =>
                            RoutesOf(app)
                                .Where(route => route.Host is not null)
                                .Where(route => route is { Redirect: not null } or { Upstream: not null, Port: not null })
                                .Select(route => Route(route, app.Metadata.Uid, logins))
                        )
                        .DistinctBy(route => RouteRules.PlaceOf(route.Host, route.Path)),
                ],
            }
        );

    private static CaddyRoute Route(RouteStatus route, string owner, ImmutableDictionary<string, RouteLogin> logins) =>
        new(route.Host!, route.Path ?? "/", route.Upstream ?? "", route.Port ?? 0, owner)
        {
            StripPrefix = route.StripPrefix == true,
            Redirect = route.Redirect is { } away ? new RouteRedirect(away.Host, away.Path, away.StatusCode) : null,
            RequestHeaders = HeaderWords.Of(route.RequestHeaders),
            ResponseHeaders = HeaderWords.Of(route.ResponseHeaders),
            Accounts = route.BasicAuth is { SecretRef: { } secret } ? logins[secret.Name].Accounts : null,
        };
}
