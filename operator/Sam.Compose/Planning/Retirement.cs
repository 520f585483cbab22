using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>The way out of a container: off the edge, drained, stopped, removed.</summary>
internal static class Retirement
{
    public static IEnumerable<Operation> Disconnect(ObservedContainer container, bool keepAddress = true) =>
        container
            .EdgeAliases.Where(alias => EngineNames.IsEdgeAlias(alias, container.Service))
            .Order(StringComparer.Ordinal)
            .Select(alias => new Operation.DisconnectEdge(
                container.Service,
                Ref(container),
                EngineNames.EdgeNetwork,
                alias,
                KeepAddress: keepAddress && container.State == ContainerState.Running
            ));

    public static Operation Stop(ObservedContainer container) => new Operation.StopContainer(container.Service, Ref(container));

    public static Operation Remove(ObservedContainer container) =>
        new Operation.RemoveContainer(container.Service, Ref(container));

    public static ContainerRef Ref(ObservedContainer container) => new(container.Name, container.Id);

    /// <summary>All of it for several containers, with one common pause.</summary>
    public static ImmutableArray<Operation> All(
        IReadOnlyList<ObservedContainer> containers,
        Func<ObservedContainer, bool> serves,
        TimeSpan grace
    )
    {
        var plan = ImmutableArray.CreateBuilder<Operation>();
        plan.AddRange(containers.SelectMany(container => Disconnect(container)));
        plan.AddRange(DrainOf(containers, serves, grace));
        plan.AddRange(containers.Where(container => container.Alive).Select(Stop));
        plan.AddRange(containers.Select(Remove));
        return plan.ToImmutable();
    }

    public static ImmutableArray<Operation> DrainOf(
        IReadOnlyList<ObservedContainer> containers,
        Func<ObservedContainer, bool> serves,
        TimeSpan grace
    )
    {
        ImmutableArray<ContainerRef> serving = [.. containers.Where(serves).Select(Ref)];
        return serving.IsEmpty || grace <= TimeSpan.Zero ? [] : [new Operation.Drain(serving, grace)];
    }
}
