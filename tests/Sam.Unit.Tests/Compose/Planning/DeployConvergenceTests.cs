using System.Collections.Immutable;
using CsCheck;
using Sam.Compose.Model;
using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

/// <summary>Releases, crashes and drift in any order: the plan always ends, at exactly the desired containers.</summary>
public sealed class DeployConvergenceTests
{
    private const string Uid = "0a1b2c3d-1111-4222-8333-444455556666";

    /// <summary>One move of the world: release N, cut after so many operations, then a container removed or stopped by hand.</summary>
    private sealed record Move(int Release, int CutAfter, int Harm, bool Applied);

    private static readonly Gen<Move> Moves = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 25],
        Gen.Int[0, 12],
        Gen.Bool,
        (release, cut, harm, applied) => new Move(release, cut, harm, applied)
    );

    [Fact]
    public void Ends_at_exactly_the_desired_containers_after_any_crash_and_drift()
    {
        Moves
            .Array[1, 8]
            .Sample(
                moves =>
                {
                    var engine = new DeployModelEngine(Uid);
                    foreach (var move in moves)
                    {
                        Run(engine, Release(move.Release) with { Applied = move.Applied }, move.CutAfter);
                        Harm(engine, move.Harm);
                    }
                    var desired = Release(moves[^1].Release) with { Applied = moves[^1].Applied };

                    Run(engine, desired, int.MaxValue);

                    Assert.Equal(
                        desired
                            .Services.Select(service => EngineNames.Container(Uid, service.Name, service.Spec.Hash))
                            .Order(StringComparer.Ordinal),
                        engine.Seen.Containers.Select(container => container.Name).Order(StringComparer.Ordinal)
                    );
                    Assert.Equal(["web"], engine.Serving());
                },
                iter: 1_500,
                seed: "0000CONVERGE"
            );
    }

    [Fact]
    public void Never_leaves_a_stateless_service_without_a_container_at_the_edge()
    {
        Moves
            .Array[1, 6]
            .Sample(
                moves =>
                {
                    var engine = new DeployModelEngine(Uid);
                    Run(engine, Release(0), int.MaxValue);
                    foreach (var move in moves)
                        Run(
                            engine,
                            Release(move.Release) with
                            {
                                Applied = move.Applied,
                            },
                            move.CutAfter,
                            () => Assert.Contains("web", engine.Serving())
                        );
                },
                iter: 1_500,
                seed: "0000SERVING0"
            );
    }

    [Fact]
    public void Never_lets_two_containers_write_one_volume()
    {
        Moves
            .Array[1, 6]
            .Sample(
                moves =>
                {
                    var engine = new DeployModelEngine(Uid);
                    foreach (var move in moves)
                    {
                        Run(
                            engine,
                            Release(move.Release) with
                            {
                                Applied = move.Applied,
                            },
                            move.CutAfter,
                            () => Assert.True(Writers(engine) <= 1)
                        );
                    }
                },
                iter: 1_500,
                seed: "0000WRITERS0"
            );
    }

    [Fact]
    public void Leaves_nothing_after_a_teardown_cut_at_any_operation()
    {
        Gen.Select(Moves, Gen.Int[0, 12])
            .Sample(
                (move, cut) =>
                {
                    var engine = new DeployModelEngine(Uid);
                    Run(engine, Release(move.Release), move.CutAfter);
                    foreach (var operation in DeployPlanner.Teardown(engine.Seen, keepVolumes: false).Operations.Take(cut))
                        engine.Execute(operation);

                    foreach (var operation in DeployPlanner.Teardown(engine.Seen, keepVolumes: false).Operations)
                        engine.Execute(operation);

                    Assert.True(DeployPlanner.Teardown(engine.Seen, keepVolumes: false).IsEmpty);
                    Assert.Empty(engine.Seen.Containers);
                    Assert.Empty(engine.Seen.Volumes);
                },
                iter: 500,
                seed: "0000TEARDOWN"
            );
    }

    // The caller's loop: plan, execute to the first wait, come back.
    private static void Run(DeployModelEngine engine, Desired desired, int operations, Action? check = null)
    {
        for (var round = 0; round < 20; round++)
        {
            var plan = DeployPlanner.Plan(desired, engine.Seen);
            if (plan.IsEmpty || operations <= 0)
                return;
            foreach (var operation in plan.Operations.TakeWhile(operation => !operation.IsAwait))
            {
                if (operations-- <= 0)
                    return;
                engine.Execute(operation);
                check?.Invoke();
            }
            engine.Settle(desired);
        }
        Assert.Fail($"No end after 20 rounds: {PlanText.Render(DeployPlanner.Plan(desired, engine.Seen))}");
    }

    private static void Harm(DeployModelEngine engine, int harm)
    {
        var containers = engine.Seen.Containers;
        if (harm == 9)
            engine.Reboot();
        if (containers.IsEmpty || harm > 8)
            return;
        var victim = containers[harm % containers.Length];
        switch (harm % 3)
        {
            case 0:
                engine.Remove(victim.Id);
                break;
            case 1:
                engine.Change(victim.Id, container => container with { State = ContainerState.Exited, ExitCode = 137 });
                break;
            default:
                engine.Change(victim.Id, container => container with { State = ContainerState.Paused });
                break;
        }
    }

    private static int Writers(DeployModelEngine engine) =>
        engine.Seen.Containers.Count(container => container is { Service: "db", State: ContainerState.Running });

    // Four releases: all change, only web changes, a one-shot service appears, a service goes.
    private static Desired Release(int number)
    {
        var services = new List<DesiredService>
        {
            new() { Spec = Spec("db", number / 2) with { Volumes = [new VolumeMount("data", "/data")] } },
            new()
            {
                Spec = Spec("web", number),
                RoutedPorts = [80],
                DependsOn =
                    number == 2
                        ? [new("migrate", DependencyCondition.CompletedSuccessfully)]
                        : [new("db", DependencyCondition.Healthy)],
            },
        };
        if (number == 2)
            services.Add(
                new()
                {
                    Spec = Spec("migrate", 2),
                    Completion = Completion.Required,
                    DependsOn = [new("db", DependencyCondition.Healthy)],
                }
            );
        if (number != 3)
            services.Add(new() { Spec = Worker(number), DependsOn = [new("web", DependencyCondition.Started)] });
        // Two more of each in some releases: they come, change and go.
        for (var replica = 2; replica <= (number % 2 == 1 ? 3 : 1); replica++)
        {
            services.Add(services[1] with { Spec = services[1].Spec with { Replica = replica } });
            services.Add(
                new()
                {
                    Spec = Spec("queue", number) with { Replica = replica == 2 ? null : 2 },
                    OrderedStopFirst = true,
                    DependsOn = replica == 2 ? [] : [new("queue#1", DependencyCondition.Healthy)],
                }
            );
        }

        return new Desired
        {
            Networks = Ordinal.Sort([KeyValuePair.Create("default", false), KeyValuePair.Create("back", true)]),
            Files = Ordinal.Sort([KeyValuePair.Create($"f{number}", new FileContent($"f{number}", [1], InMemory: true))]),
            Uid = Uid,
            Release = number,
            Services = [.. services],
        };
    }

    private static ContainerSpec Worker(int number) =>
        Spec("worker", 0) with
        {
            Networks = Ordinal.Sort([
                KeyValuePair.Create("default", ImmutableArray<string>.Empty),
                KeyValuePair.Create("back", ImmutableArray.Create("w")),
            ]),
            Files = [new FileMount($"f{number}", "/run/secrets/f", InMemory: true)],
        };

    private static ContainerSpec Spec(string service, int version) =>
        new() { Service = service, Image = $"{service}@sha256:{version}" };
}
