using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>
/// The difference between a release and what the engine shows, as operations in order. Level-based: made anew on every run,
/// thrown away after the first wait; nothing left is an empty plan.
/// </summary>
public static class DeployPlanner
{
    /// <summary>What is left to do until exactly this release runs.</summary>
    public static DeployPlan Plan(Desired desired, Observed observed) => new PlanBuilder(desired, observed).Build();

    /// <summary>What is left to do until nothing of the app is on the engine.</summary>
    public static DeployPlan Teardown(Observed observed, bool keepVolumes)
    {
        var plan = ImmutableArray.CreateBuilder<Operation>();
        ImmutableArray<ObservedContainer> containers =
        [
            .. observed
                .Containers.OrderBy(container => container.Service, StringComparer.Ordinal)
                .ThenBy(container => container.Name, StringComparer.Ordinal),
        ];
        // No drain: the routes went before, and nobody asks for an app that is deleted.
        foreach (var container in containers)
            plan.AddRange(Retirement.Disconnect(container, keepAddress: false));
        plan.AddRange(containers.Where(container => container.Alive).Select(Retirement.Stop));
        plan.AddRange(containers.Select(Retirement.Remove));
        plan.AddRange(observed.Networks.Order(StringComparer.Ordinal).Select(name => new Operation.RemoveNetwork(name)));
        if (!keepVolumes)
            plan.AddRange(observed.Volumes.Order(StringComparer.Ordinal).Select(name => new Operation.RemoveVolume(name)));
        return new DeployPlan(0, plan.ToImmutable());
    }
}
