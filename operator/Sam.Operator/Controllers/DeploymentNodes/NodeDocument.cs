using Sam.Compose.Rendering;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>From a node and its apps to the document that Caddy runs. Pure.</summary>
internal static class NodeDocument
{
    /// <summary>Routes of an app that are to be served: published by it, while it is not being deleted.</summary>
    public static IEnumerable<RouteStatus> RoutesOf(ComposeApp app) =>
        app.Metadata.DeletionTimestamp is null ? app.Status.Routes : [];

    /// <summary>The document. Of two routes for one place the older app's is kept, whatever the apps say.</summary>
    public static string Render(DeploymentNode node, IEnumerable<ComposeApp> apps) =>
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
                                .Where(route => route is { Host: not null, Upstream: not null, Port: not null })
                                .Select(route => new CaddyRoute(
                                    route.Host!,
                                    route.Path ?? "/",
                                    route.Upstream!,
                                    route.Port!.Value,
                                    app.Metadata.Uid
                                ))
                        )
                        .DistinctBy(route => (route.Host, route.Path)),
                ],
            }
        );
}
