using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>
/// Builds one plan: ground, images, starts in dependency order, waits, then the switch.
/// <code>
/// network, volumes -> pulls -> start | await dependency -> ... -> await all -> edge: new on, old off -> drain -> stop, remove
/// </code>
/// </summary>
internal sealed class PlanBuilder
{
    private readonly Desired _desired;
    private readonly Observed _observed;
    private readonly ImmutableArray<ServiceView> _views;
    private readonly ImmutableArray<ObservedContainer> _gone;
    private readonly ImmutableArray<Operation>.Builder _plan = ImmutableArray.CreateBuilder<Operation>();
    private readonly HashSet<string> _atEdge = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);

    public PlanBuilder(Desired desired, Observed observed)
    {
        _desired = desired;
        _observed = observed;
        _views = [.. ServiceOrder.Of(desired.Services).Select(service => ServiceView.Of(service, desired, observed))];
        var wanted = desired.Services.Select(service => (service.Name, service.Replica)).ToHashSet();
        _gone =
        [
            .. observed
                .Containers.Where(container => !wanted.Contains((container.Service, container.Replica)))
                .OrderBy(container => container.Name, StringComparer.Ordinal),
        ];
    }

    public DeployPlan Build()
    {
        Ground();
        SettleReady();
        StartAll();
        AwaitAll();
        SwitchAll();
        return new DeployPlan(_desired.Release, _plan.ToImmutable());
    }

    private void Ground()
    {
        var ground = new PlanGround(_desired, _observed, _views);
        _plan.AddRange(ground.Networks());
        _plan.AddRange(ground.Volumes());
        foreach (var view in _views.Where(view => !view.NeedsCreate && view.Current!.Networks is not null))
            ConnectNetworks(view, view.Current!.Networks!.Value);
        _plan.AddRange(ground.Pulls());
        _plan.AddRange(ground.Files());
    }

    private void ConnectNetworks(ServiceView view, ImmutableArray<string> connected)
    {
        foreach (var (name, aliases) in ServiceNetworks.Of(_desired.Uid, view.Service.Spec))
        {
            if (!connected.Contains(name))
                _plan.Add(new Operation.ConnectNetwork(view.Service.Name, Ref(view), name, aliases));
        }
    }

    // Before any wait: a service that is fine must not be held up by one that is not.
    private void SettleReady()
    {
        foreach (var view in _views.Where(view => view.Progress == Progress.Ready))
            SettleOne(view);
        if (_desired.Applied)
            Retire(_gone);
    }

    // What may happen for one service alone: everything once the gate has been passed, else only the way back for one
    // that was stopped first, since nothing serves in its place.
    private void SettleOne(ServiceView view)
    {
        if (_desired.Applied)
            Switch([view]);
        else if (view.Service.Routed && view.Service.StopFirst)
            Connect(view);
    }

    private void StartAll()
    {
        var pending = _views.Where(view => view.NeedsStart).ToList();
        var started = _views.Except(pending).Select(view => view.Service.Key).ToHashSet(StringComparer.Ordinal);
        var met = _views.Where(view => view.Healthy).Select(view => view.Service.Key).ToHashSet(StringComparer.Ordinal);
        while (pending.Count > 0)
        {
            var startable = pending.FindAll(view => view.Service.DependsOn.All(dep => IsMet(dep, started, met)));
            if (startable.Count == 0 && !AwaitDependencies(pending, started, met))
                startable.Add(pending[0]);
            foreach (var view in startable)
            {
                Start(view);
                started.Add(view.Service.Key);
                pending.Remove(view);
            }
        }
    }

    private bool IsMet(ServiceDependency dependency, HashSet<string> started, HashSet<string> met) =>
        _views
            .Where(view => view.Service.Is(dependency.Service))
            .All(view => (dependency.Condition == DependencyCondition.Started ? started : met).Contains(view.Service.Key));

    private bool AwaitDependencies(List<ServiceView> pending, HashSet<string> started, HashSet<string> met)
    {
        var waited = pending
            .SelectMany(view => view.Service.DependsOn)
            .Where(dep => dep.Condition != DependencyCondition.Started)
            .ToList();
        var blockers = _views
            .Where(view => started.Contains(view.Service.Key) && !met.Contains(view.Service.Key))
            .Where(view => waited.Exists(dep => view.Service.Is(dep.Service)))
            .ToList();
        foreach (var view in blockers)
        {
            Await(view, TimeSpan.Zero);
            met.Add(view.Service.Key);
        }
        return blockers.Count > 0;
    }

    private void Start(ServiceView view)
    {
        var service = view.Service;
        if (view.Service.StopFirst)
            StopOthers(view);
        if (view is { Progress: Progress.Unusable, Current: { } broken })
            _plan.Add(Retirement.Remove(broken));
        if (view.NeedsCreate)
        {
            var first = ServiceNetworks.Of(_desired.Uid, view.Service.Spec).First();
            _plan.Add(
                new Operation.CreateContainer(
                    service.Name,
                    Ref(view).Name,
                    service.Spec,
                    first.Name,
                    first.Aliases,
                    [
                        .. service.Spec.Volumes.Select(mount => new VolumeBinding(
                            EngineNames.Volume(_desired.Uid, mount.Volume),
                            mount.Path,
                            mount.ReadOnly
                        )),
                    ],
                    EngineNames.ContainerLabels(_desired.Uid, _desired.Release, service.Spec)
                )
            );
            ConnectNetworks(view, [first.Name]);
        }
        _plan.Add(new Operation.StartContainer(service.Name, Ref(view)));
    }

    private void StopOthers(ServiceView view)
    {
        var alive = view.Others.Where(container => container.Alive).ToList();
        _plan.AddRange(alive.SelectMany(container => Retirement.Disconnect(container)));
        _plan.AddRange(Retirement.DrainOf(alive, Serves, _desired.DrainGrace));
        foreach (var container in alive)
        {
            _plan.Add(Retirement.Stop(container));
            _stopped.Add(container.Id);
        }
    }

    private void AwaitAll()
    {
        foreach (var view in _views.Where(view => view.Progress != Progress.Ready))
        {
            Await(view, _desired.StableTime);
            SettleOne(view);
        }
    }

    private void Await(ServiceView view, TimeSpan stableTime)
    {
        if (view.Service.Completion != Completion.Required)
            _plan.Add(new Operation.AwaitHealthy(view.Service.Name, Ref(view), stableTime));
        else if (_ended.Add(view.Service.Key))
            _plan.Add(new Operation.AwaitCompleted(view.Service.Name, Ref(view)));
    }

    private void SwitchAll()
    {
        if (_desired.Applied)
            return;
        Switch([.. _views]);
    }

    private void Switch(ImmutableArray<ServiceView> views)
    {
        var others = views.SelectMany(view => view.Others).ToList();
        if (!_desired.Applied)
            others.AddRange(_gone);
        foreach (var view in views.Where(view => view.Service.Routed))
            Connect(view);
        // The spec says nothing of routes: a kept container may have lost its last one.
        foreach (var view in views.Where(view => !view.Service.Routed && !view.NeedsCreate && view.Current is not null))
            _plan.AddRange(Retirement.Disconnect(view.Current!));
        Retire(others);
    }

    private void Connect(ServiceView view)
    {
        var alias = EngineNames.EdgeAlias(_desired.Uid, view.Service.Name);
        var there = !view.NeedsCreate && view.Current is { } current && current.EdgeAliases.Contains(alias);
        if (!there && _atEdge.Add(view.Service.Key))
            _plan.Add(new Operation.ConnectEdge(view.Service.Name, Ref(view), EngineNames.EdgeNetwork, alias));
    }

    private void Retire(IReadOnlyList<ObservedContainer> containers)
    {
        var left = containers.Where(container => _settled.Add(container.Id)).ToList();
        var already = left.Where(container => _stopped.Contains(container.Id)).ToList();
        _plan.AddRange(Retirement.All([.. left.Except(already)], Serves, _desired.DrainGrace));
        _plan.AddRange(already.Select(Retirement.Remove));
    }

    // Without its alias it may still answer requests, if the operator died between the switch and the end of the pause.
    private bool Serves(ObservedContainer container) =>
        container.State == ContainerState.Running
        && (
            container.AtEdge
            || (!_desired.Applied && _views.Any(view => view.Service.Routed && view.Service.Name == container.Service))
        );

    private ContainerRef Ref(ServiceView view) =>
        view is { NeedsCreate: false, Current: { } current }
            ? Retirement.Ref(current)
            : new ContainerRef(EngineNames.Container(_desired.Uid, view.Service.Name, view.Service.Spec.Hash));
}
