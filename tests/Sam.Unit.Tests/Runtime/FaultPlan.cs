using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A day's faults and users, at moments that the seed chooses; what finds no open watch is tried again soon.</summary>
internal sealed class FaultPlan
{
    private readonly PriorityQueue<Func<bool>, (TimeSpan At, int Order)> _due = new();
    private readonly Simulation _sim;

    public FaultPlan(Simulation sim, ThingWorld world, MemoryFaults faults)
    {
        _sim = sim;
        Scatter(1000, faults.DropWatch);
        Scatter(50, faults.SilenceWatch);
        Scatter(200, faults.ExpireWatch);
        Scatter(1000, Always(world.ChangeSomething));
        for (var hour = 1; hour < 24; hour++)
            Add(TimeSpan.FromHours(hour + 0.5), Always(world.ExpireEvents));
        Add(TimeSpan.FromHours(9), Always(faults.BeginOutage));
        Add(TimeSpan.FromHours(9.5), Always(faults.EndOutage));
    }

    public async Task LiveUntilAsync(TimeSpan end)
    {
        while (_due.TryPeek(out var act, out var next) && next.At < end)
        {
            _due.Dequeue();
            if (next.At > _sim.Elapsed)
                await _sim.AdvanceAsync(next.At - _sim.Elapsed);
            if (!act())
                Add(next.At + TimeSpan.FromSeconds(10), act);
        }

        await _sim.AdvanceAsync(end - _sim.Elapsed);
    }

    private void Scatter(int count, Func<bool> act)
    {
        for (var i = 0; i < count; i++)
            Add(TimeSpan.FromMinutes(_sim.Random.NextDouble() * 23.8 * 60), act);
    }

    private void Add(TimeSpan at, Func<bool> act) => _due.Enqueue(act, (at, _due.Count));

    private static Func<bool> Always(Action act) =>
        () =>
        {
            act();
            return true;
        };
}
