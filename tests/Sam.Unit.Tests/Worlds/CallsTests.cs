using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What Machines cost in calls, counted where they arrive: pages cost, not Machines.</summary>
public sealed class CallsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);

    [Theory, Unit.Tests.Simulations.Seeds(2)]
    public void The_first_Machine_of_a_token_costs_at_most_six_calls_and_the_second_two(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start();
                fleet.Add(1);
                await sim.EachSecondAsync(() => fleet.Ready() == 1, s_patience, "the first is ready");
                var first = fleet.Calls();
                output.WriteLine(fleet.Told());

                fleet.Add(1);
                await sim.EachSecondAsync(() => fleet.Ready() == 2, s_patience, "the second is ready");
                output.WriteLine(fleet.Told());

                Assert.InRange(first, 1, 6);
                Assert.InRange(fleet.Calls() - first, 1, 2);
                Assert.All(
                    ["GET /server_types 200", "GET /pricing 200", "POST /firewalls 201", "POST /ssh_keys 201"],
                    route => Assert.Equal(1, fleet.Calls(route))
                );
                Assert.Equal(2, fleet.Creates());
            }
        );

    [Theory]
    [InlineData(100, 80, false)]
    [InlineData(1000, 700, true)]
    public void A_steady_hour_costs_pages_and_one_write_a_Machine(int machines, int calls, bool isLong)
    {
        Assert.SkipWhen(isLong && Environment.GetEnvironmentVariable("SAM_LONG") is null, "SAM_LONG=1 runs it");
        Simulation.Run(
            3,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(1));
                fleet.Add(machines);
                await sim.EachSecondAsync(() => fleet.Ready() == machines, s_patience, "all are ready");
                output.WriteLine($"ready after {sim.Elapsed}; {fleet.Told()}");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));
                var before = fleet.Calls();
                fleet.ForgetWrites();

                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                output.WriteLine($"an hour: {fleet.Calls() - before}; writes {fleet.Writes.Values.Sum()}; {fleet.Told()}");

                Assert.InRange(fleet.Calls() - before, 1, calls);
                Assert.Equal(0, fleet.Calls(end: " 429"));
                Assert.Equal(machines, fleet.Ready());
                // The cost of one more started hour.
                Assert.All(fleet.Writes, write => Assert.InRange(write.Value, 1, 1));
                Assert.InRange(fleet.Writes.Count, 0, machines);
            }
        );
    }

    [Theory, Unit.Tests.Simulations.Seeds(1)]
    public void Two_hundred_creates_at_once_get_no_429(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(1));
                fleet.Add(200);

                await sim.EachSecondAsync(() => fleet.Ready() == 200, s_patience, "all are ready");

                output.WriteLine($"ready after {sim.Elapsed}; {fleet.Told()}");
                Assert.Equal(0, fleet.Calls(end: " 429"));
                Assert.Equal(200, fleet.Creates());
                Assert.InRange(sim.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(3));
            }
        );

    [Theory, Unit.Tests.Simulations.Seeds(1)]
    public void Beside_a_tool_that_spends_the_budget_creates_pause_and_deletes_go_through(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(1));
                var old = fleet.Add(10);
                await sim.EachSecondAsync(() => fleet.Ready() == 10, s_patience, "the first are ready");
                using var tool = new HttpClient(world.Hetzner.CreateHandler()) { BaseAddress = new Uri("http://hetzner.test") };
                tool.DefaultRequestHeaders.Authorization = new("Bearer", HetznerSimulatorOptions.DefaultToken);
                for (var i = 0; i < 2_850; i++)
                    (await tool.GetAsync(new Uri("/v1/server_types", UriKind.Relative))).Dispose();

                fleet.Add(20);
                await sim.AdvanceAsync(TimeSpan.FromSeconds(20));
                foreach (var name in old)
                    world.Delete<Machine>(name);
                await sim.EachSecondAsync(() => fleet.Living() == 20, TimeSpan.FromMinutes(1), "the old ones are gone");
                var paused = world
                    .All<Machine>()
                    .SelectMany(machine => machine.Status.Conditions)
                    .Where(condition => condition.Reason == "RateLimited")
                    .ToList();
                output.WriteLine($"{paused.Count} paused: {paused.FirstOrDefault()?.Message}; {fleet.Told()}");

                await sim.EachSecondAsync(() => fleet.Ready() == 20, s_patience, "all are ready");
                output.WriteLine($"ready after {sim.Elapsed}; {fleet.Told()}");
                Assert.NotEmpty(paused);
                Assert.All(paused, condition => Assert.Contains("goes on at", condition.Message, StringComparison.Ordinal));
                Assert.Equal(0, fleet.Calls(end: " 429"));
            }
        );
}
