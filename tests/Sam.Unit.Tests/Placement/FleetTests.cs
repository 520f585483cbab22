using Sam.Rules.Costs;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Placement and the warm pool together, minute by minute through days on which Workspaces come and go.</summary>
public sealed class FleetTests
{
    private const int Days = 100;

    [Fact]
    public void On_no_day_a_Machine_lives_longer_or_shorter_than_the_rule_says()
    {
        var (ended, warm) = (0, 0);
        for (var seed = 0; seed < Days; seed++)
        {
            var day = new FleetDay(seed, minReady: 0);
            day.Run();

            Assert.True(day.Wrongs.Count == 0, $"seed {seed}: {string.Join(", ", day.Wrongs)}");
            Assert.True(day.Machines.Count == 0, $"seed {seed}: {day.Machines.Count} are left");
            (ended, warm) = (ended + day.Ended, warm + day.Warm);
        }

        Assert.True(ended > Days && warm > Days, $"{ended} ended, {warm} were claimed warm");
    }

    [Fact]
    public void After_any_day_as_many_are_ready_as_were_asked_for()
    {
        for (var seed = 0; seed < Days; seed++)
        {
            var day = new FleetDay(seed, minReady: 1 + (seed % 3));
            day.Run();

            Assert.True(day.Wrongs.Count == 0, $"seed {seed}: {string.Join(", ", day.Wrongs)}");
            Assert.True(day.Machines.Count == 1 + (seed % 3), $"seed {seed}: {day.Machines.Count} are left");
        }
    }

    /// <summary>One day of one Project.</summary>
    private sealed class FleetDay(int seed, int minReady)
    {
        private const int BusyMinutes = 10 * 60;
        private const int AllMinutes = 18 * 60;

        private readonly PlacementDice _dice = new(seed);
        private readonly WarmPoolSettings _settings = new(TimeSpan.FromMinutes(30), minReady, TimeSpan.FromHours(4));
        private readonly Dictionary<string, (PlacementRequest Request, int Until)> _living = new(StringComparer.Ordinal);
        private int _next;

        public List<MachineSnapshot> Machines { get; } = [];

        public List<string> Wrongs { get; } = [];

        public int Ended { get; private set; }

        public int Warm { get; private set; }

        public void Run()
        {
            for (var minute = 0; minute < AllMinutes; minute++)
            {
                Boot(minute);
                Leave(minute);
                if (minute < BusyMinutes && _dice.Rarely(25))
                    _living[$"u{++_next}"] = (Request(), minute + 1 + _dice.Next(120));
                foreach (var (uid, (request, _)) in _living.ToList())
                    Place(request with { WorkspaceUid = uid }, minute);
                Tend(minute);
            }
        }

        private PlacementRequest Request() =>
            Ask with
            {
                Reserved = new((1 + _dice.Next(4)) * 1000, (1 + _dice.Next(7)) * Gi, 10 * Gi),
                IsExclusive = _dice.Rarely(),
            };

        private void Boot(int minute)
        {
            for (var index = 0; index < Machines.Count; index++)
            {
                var machine = Machines[index];
                if (machine is { Stage: MachineStage.Starting, ServerCreatedAt: { } created } && At(minute) - created > OneMinute)
                    Machines[index] = machine with { Stage = MachineStage.Ready, IsReachable = true };
                else if (machine.Stage == MachineStage.Starting)
                    Machines[index] = machine with { ServerCreatedAt = machine.ServerCreatedAt ?? At(minute) };
            }
        }

        private void Leave(int minute)
        {
            foreach (var uid in _living.Where(one => one.Value.Until <= minute).Select(one => one.Key).ToList())
            {
                _living.Remove(uid);
                for (var index = 0; index < Machines.Count; index++)
                {
                    var machine = Binding.Release(Machines[index], uid, At(minute));
                    Machines[index] = machine.BoughtFor == uid ? machine with { BoughtFor = null } : machine;
                }
            }
        }

        private void Place(PlacementRequest request, int minute)
        {
            switch (PlacementRule.Place(request, Machines, UpToThree).Verdict)
            {
                case PlacementVerdict.Placed placed:
                    Warm += placed.Reason == PlacementReason.Warm ? 1 : 0;
                    var index = Machines.FindIndex(machine => machine.Id == placed.MachineId);
                    Machines[index] = Binding.Bind(Machines[index], request);
                    break;
                case PlacementVerdict.BuyNew buy:
                    var shape = request.Buyable.First(shape => shape.ServerType == buy.ServerTypes[0]);
                    Machines.Add(
                        PlacementWorld.Bought(request, shape, ++_next) with
                        {
                            CreatedAt = At(minute),
                            ServerCreatedAt = null,
                        }
                    );
                    break;
                case var other:
                    Wrongs.Add($"minute {minute}: {other}");
                    break;
            }
        }

        private void Tend(int minute)
        {
            var plan = WarmPool.Plan(Shop, _settings, Machines, At(minute));
            foreach (var life in plan.Lives)
            {
                var index = Machines.FindIndex(machine => machine.Id == life.MachineId);
                var machine = Machines[index];
                switch (life.Verdict)
                {
                    case LifeVerdict.TurnWarm turn:
                        Machines[index] = machine with { Stage = MachineStage.Warm, WarmSince = turn.Since };
                        break;
                    case LifeVerdict.End end:
                        End(machine, end, minute);
                        Machines.RemoveAt(index);
                        break;
                }
            }

            for (var number = 0; number < plan.StartAhead; number++)
                Machines.Add(
                    PlacementWorld.Bought(Ask, Ask.Buyable[0], ++_next) with
                    {
                        BoughtFor = null,
                        CreatedAt = At(minute),
                        ServerCreatedAt = null,
                    }
                );
        }

        private void End(MachineSnapshot machine, LifeVerdict.End end, int minute)
        {
            Ended++;
            if (machine.Allocations.Count > 0)
                Wrongs.Add($"minute {minute}: {machine.Name} is used");
            if (end.Reason != LifeEnd.KeptLongEnough)
                return;
            var until = WarmRule.KeepUntil(machine.ServerCreatedAt!.Value, machine.WarmSince!.Value, _settings.IdleTimeout);
            // Those that were kept ready end later: when another one is.
            if (At(minute) < until || (minReady == 0 && At(minute) > until))
                Wrongs.Add($"{machine.Name} ended at {At(minute):t} instead of {until:t}");
        }

        private static TimeSpan OneMinute => TimeSpan.FromMinutes(1);

        private static DateTimeOffset At(int minute) => Start.AddMinutes(minute);
    }
}
