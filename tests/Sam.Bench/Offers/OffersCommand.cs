using System.CommandLine;
using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Bench.Offers;

/// <summary>How much later a Machine is Ready whose first offer is refused for an hour, beside one whose is not; in virtual time.</summary>
internal static class OffersCommand
{
    private const int Machines = 200;
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var seed = new Option<int>("--seed") { Description = "Replays it.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "File to write the page to." };
        var command = new Command("offers", "Measures the delay that a refused offer costs, in virtual time.") { seed, output };
        command.SetAction(given => Run(given.GetValue(seed), given.GetValue(output)));
        return command;
    }

    private static int Run(int seed, string? output)
    {
        var (free, refused) = (Live(seed, isRefused: false), Live(seed, isRefused: true));
        var page = Page(seed, free, refused);
        Console.WriteLine(page);
        if (output is not null)
            File.WriteAllText(output, page);
        return free.Delays.Count == Machines && refused.Delays.Count == Machines ? 0 : 1;
    }

    private static Outcome Live(int seed, bool isRefused)
    {
        Outcome? outcome = null;
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                if (isRefused)
                    world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity) { Location = "fsn1", Lasts = s_hour });
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(2));
                var asked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
                for (var i = 0; i < Machines; i++)
                {
                    asked[fleet.Add(1)[0]] = sim.Clock.GetUtcNow();
                    await sim.AdvanceAsync(s_hour / Machines);
                }

                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
                var delays = world
                    .All<Machine>()
                    .Where(machine => machine.Status.BootedAt is not null)
                    .Select(machine => machine.Status.BootedAt!.Value - asked[machine.Metadata.Name])
                    .Order()
                    .ToList();
                outcome = new Outcome(delays, fleet.Creates(), fleet.Calls(end: " 429"));
            }
        );
        return outcome!;
    }

    private static string Page(int seed, Outcome free, Outcome refused) =>
        $"""
            # A first offer that is refused for an hour

            {Machines} Machines, one every {s_hour.TotalSeconds
                / Machines:0} s, each with two locations in order; the first one refuses every create of that hour (`make bench-offers SEED={seed}`, virtual
            time, the real controllers over the provider's simulator, engines that answer at once).

            | | first offer sold | first offer refused | ratio |
            |---|---|---|---|
            | Ready | {free.Delays.Count} | {refused.Delays.Count} | |
            | creates | {free.Creates} | {refused.Creates} | {Ratio(refused.Creates, free.Creates)} |
            | p50 from asked to Ready | {Seconds(free, 0.50)} | {Seconds(refused, 0.50)} | {Ratio(
                At(refused, 0.50),
                At(free, 0.50)
            )} |
            | p95 | {Seconds(free, 0.95)} | {Seconds(refused, 0.95)} | {Ratio(At(refused, 0.95), At(free, 0.95))} |
            | longest | {Seconds(free, 1)} | {Seconds(refused, 1)} | {Ratio(At(refused, 1), At(free, 1))} |
            | answers 429 | {free.Limited} | {refused.Limited} | |

            """;

    private static double At(Outcome outcome, double share) =>
        outcome.Delays[(int)Math.Ceiling((outcome.Delays.Count - 1) * share)].TotalSeconds;

    private static string Seconds(Outcome outcome, double share) =>
        At(outcome, share).ToString("0.00 s", CultureInfo.InvariantCulture);

    private static string Ratio(double one, double other) => (one / other).ToString("0.00", CultureInfo.InvariantCulture);

    private sealed record Outcome(IReadOnlyList<TimeSpan> Delays, long Creates, long Limited);
}
