using System.Collections.Immutable;
using Sam.Compose.Rules;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Publishes the routes of the release that serves, and waits until the node says that Caddy serves them.</summary>
internal sealed class PublishRoutes(IResourceStore<ComposeApp> apps, Releases releases) : IStep<ComposeAppContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    public ConditionType? Condition => RoutesReady.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        if (context.App.Spec.Suspend == true)
            return StepResult.Continue(RoutesReady.NoRoutes, "The app is suspended");
        var status = context.App.Status;
        var release = context.Serving;
        if (release is null && status.AppliedRelease is { } applied)
            release = await releases.FindAsync(context.App, applied, cancellationToken);
        if (release is null)
            return StepResult.Requeue(Poll, RoutesReady.AwaitingCaddy, "No release serves yet");

        var conflicts = ConflictsOf(context.App, context.Node!);
        var refused = conflicts.Select(conflict => conflict.Place).ToHashSet();
        var wanted = AppRoutes.Published(context.App.Metadata.Uid, release);
        var proven = wanted.Where(route => !context.UnprovenHosts.Contains(route.Host!));
        IList<RouteStatus> routes = [.. proven.Where(route => !refused.Contains(new RoutePlace(route.Host!, route.Path!)))];
        var hash = AppRoutes.HashOf(routes);
        var served =
            routes.Count == 0
            || context.Node!.Status.Apps.Any(app => app.Uid == context.App.Metadata.Uid && app.RoutesHash == hash);
        foreach (var route in routes)
            route.Ready = served;
        (status.Routes, status.RoutesHash) = (routes, hash);

        if (conflicts.Length > 0)
            return context.HaltWith(RoutesReady.HostConflict, Text(conflicts));
        if (wanted.Count == 0)
            return StepResult.Continue(RoutesReady.NoRoutes);
        return served
            ? StepResult.Continue(RoutesReady.Served, $"Caddy serves {routes.Count} routes")
            : StepResult.Requeue(Poll, RoutesReady.AwaitingCaddy, "Caddy does not serve the routes yet");
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
