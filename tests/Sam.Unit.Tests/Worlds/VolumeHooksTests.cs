using System.Text.Json.Nodes;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Backup and restore hooks of volumes: each request once, whatever dies; long ones hold nothing up.</summary>
public sealed class VolumeHooksTests
{
    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";
    private const string Asked = "2026-05-01T12:00:00Z";

    [Fact]
    public void A_requested_backup_runs_once_and_its_age_is_told() =>
        Live(
            async (sim, world, hooks) =>
            {
                Assert.Equal(DataProtected.NoBackupYet.Name, Protected(world).Reason);

                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                await UntilAsync(sim, world, volume => volume.LastBackupResult == HookResult.Succeeded, "it is backed up");
                await sim.AdvanceAsync(TimeSpan.FromHours(3));

                Assert.Equal(["backup"], hooks.Ran);
                Assert.Equal(("True", DataProtected.BackedUp.Name), (Protected(world).Status, Protected(world).Reason));
                Assert.Contains("data as of 20", Protected(world).Message, StringComparison.Ordinal);
                Assert.Null(Shop(world).Status.Hook);
            }
        );

    [Fact]
    public void A_backup_of_an_hour_holds_no_release_up_and_another_app_neither() =>
        Live(
            async (sim, world, hooks) =>
            {
                hooks.Takes = TimeSpan.FromMinutes(50);
                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                await sim.EachSecondAsync(() => hooks.Ran.Count == 1, Story.Patience, "it began");

                Edit(world, spec => spec["routes"]![0]!["path"] = "/other");
                await sim.EachSecondAsync(
                    () => Shop(world).Status is { AppliedRelease: 2, Routes: [{ Path: "/other", Ready: true }] },
                    TimeSpan.FromMinutes(2),
                    "a change is served meanwhile"
                );
                Assert.NotNull(Shop(world).Status.Hook);
                await sim.EachSecondAsync(
                    () => Volume(world)?.LastBackupResult is not null,
                    TimeSpan.FromMinutes(55),
                    "the backup ends"
                );

                Assert.Equal((HookResult.Succeeded, 1), (Volume(world)!.LastBackupResult, hooks.Ran.Count));
            }
        );

    [Fact]
    public void A_schedule_backs_up_at_its_interval() =>
        Live(
            async (sim, world, hooks) =>
            {
                await sim.AdvanceAsync(TimeSpan.FromHours(10) + TimeSpan.FromMinutes(5));

                Assert.Equal(11, hooks.Ran.Count);
            },
            volume => volume.Backup!.Schedule = Duration.Parse("1h")
        );

    [Fact]
    public void A_failed_backup_tells_its_last_words_without_secrets_and_leaves_the_app_ready() =>
        Live(
            async (sim, world, hooks) =>
            {
                hooks.Result = new ExecResult(3, "", new string('x', 2_000) + "\ncannot log in with s3cr3t-of-the-store");
                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                await UntilAsync(sim, world, volume => volume.LastBackupResult == HookResult.Failed, "it failed");
                await sim.AdvanceAsync(TimeSpan.FromHours(2));

                var message = Volume(world)!.LastBackupMessage!;
                Assert.StartsWith("Exit code 3", message, StringComparison.Ordinal);
                Assert.EndsWith("cannot log in with [secret]", message, StringComparison.Ordinal);
                Assert.True(message.Length <= 500, message);
                Assert.Equal(("False", DataProtected.BackupFailed.Name), (Protected(world).Status, Protected(world).Reason));
                Assert.Contains(Shop(world).Status.Conditions, found => found is { Type: "Ready", Status: "True" });
                Assert.Single(hooks.Ran);
                Assert.DoesNotContain("s3cr3t", Shop(world).Status.Conditions.Aggregate("", (all, found) => all + found.Message));
            }
        );

    [Fact]
    public void A_command_that_does_not_end_in_time_is_given_up_and_nothing_begins_beside_it() =>
        Live(
            async (sim, world, hooks) =>
            {
                hooks.Takes = TimeSpan.FromHours(5);
                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                await UntilAsync(sim, world, volume => volume.LastBackupResult == HookResult.TimedOut, "it is given up");
                Assert.InRange(
                    Volume(world)!.LastBackupAt!.Value - Volume(world)!.BackupStartedAt!.Value,
                    TimeSpan.FromMinutes(10),
                    TimeSpan.FromMinutes(11)
                );
                hooks.Takes = TimeSpan.Zero;
                Edit(world, spec => spec["backupRequestedAt"] = "2026-05-02T12:00:00Z");
                await sim.AdvanceAsync(TimeSpan.FromHours(4));
                Assert.Single(hooks.Ran);
                await sim.AdvanceAsync(TimeSpan.FromHours(1));

                Assert.Equal((2, HookResult.Succeeded), (hooks.Ran.Count, Volume(world)!.LastBackupResult));
            },
            volume => volume.Backup!.Timeout = Duration.Parse("10m")
        );

    [Fact]
    public void A_backup_whose_container_ends_under_it_is_repeated_three_times_at_most() =>
        Live(
            async (sim, world, hooks) =>
            {
                hooks.Takes = TimeSpan.FromMinutes(5);
                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                for (var run = 1; run <= 3; run++)
                {
                    await sim.EachSecondAsync(() => hooks.Ran.Count == run, Story.Patience, $"run {run} began");
                    await sim.AdvanceAsync(TimeSpan.FromSeconds(30));
                    hooks.Engine.Kill(
                        hooks
                            .Engine.Containers.Single(container => container.Image.Contains("/shop", StringComparison.Ordinal))
                            .Id
                    );
                    await UntilAsync(
                        sim,
                        world,
                        volume => volume.BackupInterruptions == run,
                        $"run {run} is told as interrupted"
                    );
                    Assert.Equal(DataProtected.BackupInterrupted.Name, Protected(world).Reason);
                }

                await sim.AdvanceAsync(TimeSpan.FromHours(2));

                Assert.Equal(3, hooks.Ran.Count);
            }
        );

    [Fact]
    public void A_restore_that_is_interrupted_is_told_and_not_repeated_until_it_is_asked_for_again() =>
        Live(
            async (sim, world, hooks) =>
            {
                hooks.Takes = TimeSpan.FromMinutes(5);
                Edit(world, spec => spec["restoreRequestedAt"] = Asked);
                await sim.EachSecondAsync(() => hooks.Ran.Count == 1, Story.Patience, "it began");
                hooks.Engine.ForgetExecs();
                hooks.Engine.GoDown();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(20));
                hooks.Engine.ComeUp();
                await UntilAsync(sim, world, volume => volume.LastRestoreResult == HookResult.Interrupted, "it is told");
                await sim.AdvanceAsync(TimeSpan.FromHours(2));
                Assert.Equal(["restore"], hooks.Ran);
                Assert.Equal(DataProtected.RestoreFailed.Name, Protected(world).Reason);

                Edit(world, spec => spec["restoreRequestedAt"] = "2026-05-02T12:00:00Z");
                await UntilAsync(sim, world, volume => volume.LastRestoreResult == HookResult.Succeeded, "it is restored");

                Assert.Equal(["restore", "restore"], hooks.Ran);
            }
        );

    [Fact]
    public void A_suspended_app_is_not_backed_up_until_it_is_back() =>
        Live(
            async (sim, world, hooks) =>
            {
                Edit(world, spec => spec["suspend"] = true);
                await sim.EachSecondAsync(
                    () => Shop(world).Status.ApplyState == ApplyState.Suspended,
                    Story.Patience,
                    "suspended"
                );
                Edit(world, spec => spec["backupRequestedAt"] = Asked);
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                Assert.Empty(hooks.Ran);

                Edit(world, spec => spec["suspend"] = false);
                await UntilAsync(sim, world, volume => volume.LastBackupResult == HookResult.Succeeded, "it is backed up");

                Assert.Single(hooks.Ran);
            }
        );

    [Fact]
    public void What_the_file_does_not_have_is_refused_with_path_and_way_out() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.Secret("store", ("KEY", "s3cr3t-of-the-store")));
                world.Create(
                    App(volume =>
                    {
                        volume.Name = "other";
                        volume.Backup!.Service = "db";
                        volume.Backup.Schedule = Duration.Parse("5m");
                    })
                );
                world.Start();

                await sim.EachSecondAsync(
                    () => Condition(world, "ManifestValid")?.Reason == ManifestValid.VolumeInvalid.Name,
                    Story.Patience,
                    "it is refused"
                );

                var message = Condition(world, "ManifestValid")!.Message;
                Assert.Contains("spec.volumes[other].name: Volume other is not in the Compose file; it has data", message);
                Assert.Contains("spec.volumes[other].backup.service: Service db is not in the Compose file; it has web", message);
                Assert.Contains("spec.volumes[other].backup.schedule: 5m is shorter than 15m", message);
            }
        );

    private static void Live(Func<Simulation, VirtualWorld, Hooks, Task> story, Action<VolumeSpec>? change = null) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var hooks = new Hooks(world);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.Secret("store", ("KEY", "s3cr3t-of-the-store")));
                world.Create(App(change));
                world.Start();
                await sim.EachSecondAsync(() => Condition(world, "Ready")?.Status == "True", Story.Patience, "it is served");
                await story(sim, world, hooks);
            }
        );

    internal static ComposeApp App(Action<VolumeSpec>? change = null) =>
        A.App()
            .With(app =>
            {
                app.Spec.Compose = A.Compose(
                    "registry.test/shop:1",
                    "    volumes: [\"data:/data\"]\n    environment: {KEY: \"${KEY:-}\"}\nvolumes: {data: }"
                );
                app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "store" } }];
                app.Spec.Volumes =
                [
                    new VolumeSpec
                    {
                        Name = "data",
                        Backup = new BackupSpec { Service = "web", Command = ["backup", "--all"] },
                        Restore = new RestoreSpec { Service = "web", Command = ["restore"] },
                    }.With(change ?? (_ => { })),
                ];
            });

    internal static ComposeApp Shop(VirtualWorld world) => world.Find<ComposeApp>("shop")!;

    internal static VolumeStatus? Volume(VirtualWorld world) => Shop(world).Status.Volumes?.SingleOrDefault();

    internal static k8s.Models.V1Condition? Condition(VirtualWorld world, string type) =>
        Shop(world).Status.Conditions.FirstOrDefault(found => found.Type == type);

    private static k8s.Models.V1Condition Protected(VirtualWorld world) => Condition(world, "DataProtected")!;

    private static Task UntilAsync(Simulation sim, VirtualWorld world, Func<VolumeStatus, bool> holds, string what) =>
        sim.EachSecondAsync(() => Volume(world) is { } volume && holds(volume), Story.Patience, what);

    internal static void Edit(VirtualWorld world, Action<JsonObject> edit) =>
        world.Cluster.Change(
            s_path,
            app =>
            {
                edit(app["spec"]!.AsObject());
                app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );

    /// <summary>What the commands of hooks do, and which ran.</summary>
    internal sealed class Hooks
    {
        private readonly VirtualWorld _world;

        public Hooks(VirtualWorld world)
        {
            _world = world;
            world
                .Engines.Script.OnExec(
                    call => call.Command[0] is "backup" or "restore",
                    call =>
                    {
                        Ran.Add(call.Command[0]);
                        return Result;
                    }
                )
                .ExecTakes = _ => Takes;
        }

        public List<string> Ran { get; } = [];

        public ExecResult Result { get; set; } = new(0, "", "");

        public TimeSpan Takes { get; set; }

        public RecordOnlyEngine Engine => _world.Engines.Engine(_world.MachineOf()!.Spec.MachineId);
    }
}
