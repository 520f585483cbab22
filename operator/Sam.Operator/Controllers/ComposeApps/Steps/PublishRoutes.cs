using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Logins;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Publishes the routes of the release that serves, and waits until the node says that Caddy serves them.</summary>
internal sealed class PublishRoutes(IResourceStore<ComposeApp> apps, Releases releases, RouteLogins logins)
    : IStep<ComposeAppContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    public ConditionType? Condition => RoutesReady.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        if (context.App.Spec.Suspend == true)
            return StepResult.Continue(RoutesReady.NoRoutes, "The app is suspended");
        if (await ServingAsync(context, cancellationToken) is not { } release)
            return StepResult.Requeue(Poll, RoutesReady.AwaitingCaddy, "No release serves yet");

        var conflicts = ConflictsOf(context.App, context.Node!);
        var refused = conflicts.Select(conflict => conflict.Place).ToHashSet();
        var wanted = AppRoutes.Published(context.App.Metadata.Uid, release);
        IList<RouteStatus> routes =
        [
            .. wanted
                .Where(route => !IsTakenBack(context.App, route))
                .Where(route => !context.UnprovenHosts.Contains(route.Host!))
                .Where(route => !refused.Contains(RouteRules.PlaceOf(route.Host!, route.Path!))),
        ];
        var closed = await CloseAsync(context.App, routes, cancellationToken);
        var served = Publish(context, routes);
        if (conflicts.Length > 0)
            return context.HaltWith(RoutesReady.HostConflict, string.Join("; ", [Text(conflicts), .. closed]));
        if (closed.Count > 0)
            return context.HaltWith(RoutesReady.LoginInvalid, string.Join("; ", closed));
        if (routes.Count == 0 && wanted.All(route => IsTakenBack(context.App, route)))
            return StepResult.Continue(RoutesReady.NoRoutes);
        return served
            ? StepResult.Continue(RoutesReady.Served, $"Caddy serves {routes.Count} routes")
            : StepResult.Requeue(Poll, RoutesReady.AwaitingCaddy, "Caddy does not serve the routes yet");
    }

    // Gone at once, whatever becomes of the release without it. One that got another host is served at the old one until that release serves.
    private static bool IsTakenBack(ComposeApp app, RouteStatus route) =>
        app.Spec.RollbackTo is null && app.Spec.Routes.All(written => written.Name != route.Name);

    private async Task<ReleaseSpec?> ServingAsync(ComposeAppContext context, CancellationToken cancellationToken) =>
        context.Serving is null && context.App.Status.AppliedRelease is { } applied
            ? await releases.FindAsync(context.App, applied, cancellationToken)
            : context.Serving;

    /// <summary>Writes them down for the node; whether it serves them already.</summary>
    private static bool Publish(ComposeAppContext context, IList<RouteStatus> routes)
    {
        var (app, hash) = (context.App, AppRoutes.HashOf(routes));
        var served =
            routes.Count == 0
            || context.Node!.Status.Apps.Any(other => other.Uid == app.Metadata.Uid && other.RoutesHash == hash);
        foreach (var route in routes)
        {
            route.Ready = served && (route.BasicAuth is null || route.LoginRevision is not null);
            var before = app.Status.Routes.FirstOrDefault(known => known.Host == route.Host);
            (route.Certificate, route.CertificateNotAfter) = (before?.Certificate, before?.CertificateNotAfter);
        }

        (app.Status.Routes, app.Status.RoutesHash) = (routes, hash);
        return served;
    }

    /// <summary>Tells each route with basic auth which logins it is to have; why some have none.</summary>
    private async Task<List<string>> CloseAsync(
        ComposeApp app,
        IEnumerable<RouteStatus> routes,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<string>();
        foreach (var route in routes)
        {
            if (route.BasicAuth is not { SecretRef.Name: var secret })
                continue;
            var login = await logins.OfAsync(app.Metadata.NamespaceProperty, secret, cancellationToken);
            route.LoginRevision = login.Revision;
            if (login.Fault is { } fault)
                faults.Add($"spec.routes[{route.Name}].basicAuth.secretRef: {fault}; until then the route answers 503");
        }

        return faults;
    }

    private ImmutableArray<RouteConflict> ConflictsOf(ComposeApp app, DeploymentNode node) =>
        RouteConflicts
            .Resolve(
                apps.List(app.Metadata.NamespaceProperty)
                    .Where(other => other.Spec.NodeRef.Name == node.Metadata.Name && other.Metadata.DeletionTimestamp is null)
                    .Select(other => AppRoutes.Claim(other, node.Spec.Domain))
            )
            .ConflictsOf(app.Metadata.Uid);

    private static string Text(ImmutableArray<RouteConflict> conflicts) =>
        string.Join(
            "; ",
            conflicts.Select(conflict =>
                $"spec.routes: {conflict.Place} belongs to ComposeApp {conflict.OwnerName}, which came first; choose another host or path"
            )
        );
}
