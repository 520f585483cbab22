using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.DeploymentNodes.Events;

/// <summary>
/// Listens to the engine of every Machine that a DeploymentNode runs on, and wakes exactly the app, or the node, that an event concerns. Nothing is
/// decided by an event: whoever is woken looks for itself, so an event that is lost costs time only.
/// </summary>
internal sealed class EngineListener(
    IMachineLinks links,
    EngineStreams streams,
    IResourceStore<ComposeApp> apps,
    IRequeue<ComposeApp> wakeApp,
    IRequeue<DeploymentNode> wakeNode
) : IListener<Machine, EngineSource>
{
    // What belongs together (stopped, off its networks, removed) comes within moments, and is one look.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(250);

    public string Name => "engineevents";

    public EngineSource? SourceOf(Machine entity)
    {
        var labels = entity.Metadata.Labels;
        return
            entity is { Metadata.DeletionTimestamp: null, Status: { BootedAt: not null, PublicIPv4: { } address } }
            && labels is not null
            && labels.TryGetValue(Names.Labels.Node, out var node)
            && entity.Status.Conditions.Any(condition => condition is { Type: "Reachable", Status: "True" })
            ? new EngineSource(new MachineEndpoint(entity.Spec.MachineId, address), node)
            : null;
    }

    public async Task ListenAsync(ObjectKey key, EngineSource source, CancellationToken cancellationToken)
    {
        var link = links.For(source.Endpoint);
        try
        {
            var events = link.WatchEventsAsync(EngineEventRule.Filter, () => Opened(key.Namespace, source), cancellationToken);
            await foreach (var happened in events)
                await HearAsync(key.Namespace, source.Node, link, happened, cancellationToken);
        }
        finally
        {
            WakeAll(key.Namespace, source.Node, streams.Closed(source.Endpoint.MachineId));
        }
    }

    // What happened before is not told: everybody looks once.
    private void Opened(string home, EngineSource source)
    {
        streams.Opened(source.Endpoint.MachineId);
        WakeAll(home, source.Node, s_settle);
    }

    private async Task HearAsync(
        string home,
        string node,
        IMachineLink link,
        EngineEvent happened,
        CancellationToken cancellationToken
    )
    {
        if (EngineEventRule.ConcernsNode(happened))
            wakeNode.EnqueueAfter(home, node, s_settle);
        foreach (var app in AppsOn(home, node).Where(app => EngineEventRule.ConcernsApp(happened, app.Metadata.Uid)))
            wakeApp.EnqueueAfter(home, app.Metadata.Name, s_settle);
        if (EngineEventRule.LeftTheEdge(happened) is not { } id)
            return;
        // One that is gone by now has told its end itself.
        var container = await link.InspectContainerAsync(id, cancellationToken);
        var uid = container?.Labels.GetValueOrDefault(Names.EngineLabels.Uid);
        foreach (var app in AppsOn(home, node).Where(app => app.Metadata.Uid == uid))
            wakeApp.EnqueueAfter(home, app.Metadata.Name, s_settle);
    }

    private void WakeAll(string home, string node, TimeSpan delay)
    {
        wakeNode.EnqueueAfter(home, node, delay);
        foreach (var app in AppsOn(home, node))
            wakeApp.EnqueueAfter(home, app.Metadata.Name, delay);
    }

    private IEnumerable<ComposeApp> AppsOn(string home, string node) =>
        apps.List(home).Where(app => app.Spec.NodeRef.Name == node);
}

/// <summary>An engine to listen to, and the node that it serves.</summary>
internal sealed record EngineSource(MachineEndpoint Endpoint, string Node);
