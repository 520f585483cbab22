using Sam.Rules.Costs;
using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Over many seeded pools: each Machine has one verdict, nobody is thrown out, and no paid hour is begun for nothing.</summary>
public sealed class WarmPoolPropertyTests
{
    [Fact]
    public void Whatever_the_pool_nobody_is_thrown_out_and_nothing_is_ended_that_is_started_anew()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var dice = new PlacementDice(seed);
            var machines = Enumerable.Range(0, dice.Next(9)).Select(number => Crowd(dice, number)).ToList();
            var settings = new WarmPoolSettings(TimeSpan.FromMinutes(dice.Next(90)), dice.Next(5), TimeSpan.FromHours(4));
            var now = Start.AddMinutes(dice.Next(900));

            var plan = WarmPool.Plan(Shop, settings, machines, now);

            Assert.True(Text(plan) == Text(WarmPool.Plan(Shop, settings, dice.Shuffled(machines), now)), $"seed {seed}: order");
            var wrong = Wrong(plan, machines, settings, now);
            Assert.True(wrong is null, $"seed {seed}: {wrong}");
        }
    }

    [Fact]
    public void A_pool_that_is_left_alone_lives_as_long_as_the_rule_says_and_comes_to_rest()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = new PlacementDice(seed);
            var idle = TimeSpan.FromMinutes(dice.Next(120));
            var settings = new WarmPoolSettings(idle, dice.Next(3), TimeSpan.FromHours(4));
            var machines = Enumerable.Range(0, 6).Select(number => Released(dice, number)).ToList();
            var all = machines.ToList();
            var ended = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            var now = Start.AddMinutes(600);

            for (DateTimeOffset? next = now; next is { } moment; now = moment)
            {
                var plan = WarmPool.Plan(Shop, settings, machines, moment);
                foreach (var end in plan.Lives.Where(life => life.Verdict is LifeVerdict.End))
                    ended[end.MachineId] = moment;
                machines.RemoveAll(machine => ended.ContainsKey(machine.Id));
                Assert.True(plan.NextAt is null || plan.NextAt > moment, $"seed {seed}: it turns in a circle");
                next = plan.NextAt;
            }

            Assert.True(settings.MinReady == machines.Count, $"seed {seed}: {machines.Count} of {settings.MinReady} are left");
            Assert.All(
                all.Where(machine => ended.ContainsKey(machine.Id)),
                machine =>
                    Assert.True(ended[machine.Id] >= machine.WarmSince + idle, $"seed {seed}: {machine.Name} ended too soon")
            );
        }
    }

    [Fact]
    public void Nobody_pays_an_hour_that_the_idle_timeout_does_not_ask_for()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var dice = new PlacementDice(seed);
            var settings = new WarmPoolSettings(TimeSpan.FromMinutes(dice.Next(240)), 0, TimeSpan.FromHours(9));
            var machine = Released(dice, 1);

            var until = WarmPool.KeepUntil(machine, settings, Start);

            var least = machine.WarmSince!.Value + settings.IdleTimeout;
            Assert.True(until >= least, $"seed {seed}");
            var born = machine.ServerCreatedAt!.Value;
            Assert.Equal(ServerCost.PaidUntil(born, least), ServerCost.PaidUntil(born, until));
        }
    }

    // All of one Project, released within the ten hours before.
    private static MachineSnapshot Released(PlacementDice dice, int number)
    {
        var born = Start.AddMinutes(dice.Next(300));
        return Machine($"m{number}") with
        {
            Stage = MachineStage.Warm,
            ServerCreatedAt = born,
            WarmSince = born.AddMinutes(1 + dice.Next(299)),
        };
    }

    private static MachineSnapshot Crowd(PlacementDice dice, int number) =>
        (dice.Rarely(3) ? dice.Crowded(number) : dice.Machine(number)) with
        {
            Project = dice.Rarely() ? Other : Shop,
        };

    private static string? Wrong(WarmPoolPlan plan, List<MachineSnapshot> machines, WarmPoolSettings settings, DateTimeOffset now)
    {
        var own = PlacementModel
            .Owned(machines)
            .Where(machine => machine.Project == Shop && machine.Use == MachineUse.Workspace)
            .ToList();
        if (!plan.Lives.Select(life => life.MachineId).Order().SequenceEqual(own.Select(machine => machine.Id).Order()))
            return "not each has one verdict";
        var ended = own.Where(machine => plan.Lives.Single(life => life.MachineId == machine.Id).Verdict is LifeVerdict.End)
            .ToList();
        if (
            ended.Find(machine =>
                machine.Allocations.Count > 0 || machine.BoughtFor is not null && machine.Stage < MachineStage.Draining
            ) is
            { } used
        )
            return $"{used.Name} is used";
        if (ended.Find(machine => machine.IsPermanent || machine.IsDeleting) is { } other)
            return $"{other.Name} is not the pool's to end";
        var ready = own.Where(IsReady).ToList();
        if (plan.StartAhead > 0 && ended.Exists(IsReady))
            return "one is ended and another one is started";
        var coming = own.Count(machine => IsFree(machine) && machine.Stage == MachineStage.Starting && !ended.Contains(machine));
        var left = ready.Count(machine => !ended.Contains(machine));
        if (left < Math.Min(settings.MinReady, ready.Count))
            return $"{left} of {settings.MinReady} are left ready";
        if (plan.StartAhead != Math.Max(0, settings.MinReady - left - coming))
            return $"{plan.StartAhead} are started with {left} ready and {coming} coming";
        return plan.NextAt <= now ? "the next look is over" : null;
    }

    private static bool IsReady(MachineSnapshot machine) =>
        IsFree(machine)
        && machine.Stage is MachineStage.Ready or MachineStage.Warm
        && machine.IsReachable
        && machine.Capacity is not null
        && machine.Disk != DiskLevel.Full;

    private static bool IsFree(MachineSnapshot machine) =>
        machine.Allocations.Count == 0 && machine.BoughtFor is null && !machine.IsDeleting;

    private static string Text(WarmPoolPlan plan) => $"{string.Join(';', plan.Lives)} {plan.StartAhead} {plan.NextAt}";
}
