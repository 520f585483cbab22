using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Data;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Unit.Tests.ComposeApps;

/// <summary>What the step RunHooks decides with: rules, agenda, journal and verdict of hooks.</summary>
public sealed class DataRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hook_that_fits_the_file_is_accepted()
    {
        Assert.Empty(VolumeRules.Check(App().Spec, Model()));
    }

    [Theory]
    [InlineData("0s", "volumes[data].backup.timeout: 0s is not between 1s and 24h; choose a time in between")]
    [InlineData("25h", "volumes[data].backup.timeout: 25h is not between 1s and 24h; choose a time in between")]
    public void A_time_limit_out_of_bounds_is_refused(string timeout, string problem)
    {
        var app = App(volume => volume.Backup!.Timeout = Duration.Parse(timeout));

        Assert.Equal(problem, Assert.Single(VolumeRules.Check(app.Spec, Model())).ToString());
    }

    [Fact]
    public void A_volume_without_hooks_and_a_hook_without_command_are_refused()
    {
        var app = App(volume => volume.Backup!.Command = []);
        app.Spec.Volumes!.Add(new VolumeSpec { Name = "data" });

        Assert.Equal(
            ["volumes[data].backup.command: Name the command and its arguments", "volumes[data]: Set backup, restore or both"],
            VolumeRules.Check(app.Spec, Model()).Select(problem => problem.ToString())
        );
    }

    [Fact]
    public void A_restore_that_was_asked_for_comes_before_a_backup()
    {
        var app = App();
        (app.Spec.BackupRequestedAt, app.Spec.RestoreRequestedAt) = (s_now, s_now);

        Assert.Equal(HookAction.Restore, HookAgenda.Due(app, s_now)!.Action);
    }

    [Fact]
    public void The_same_moment_written_with_another_offset_is_no_new_request()
    {
        var app = App();
        app.Spec.BackupRequestedAt = s_now.ToOffset(TimeSpan.FromHours(2));
        app.Status.Volumes = [new VolumeStatus { Name = "data", BackupRequestSeen = s_now }];

        Assert.Null(HookAgenda.Due(app, s_now));
    }

    [Fact]
    public void A_schedule_counts_from_beginning_to_beginning()
    {
        var app = App(volume => volume.Backup!.Schedule = Duration.Parse("1h"));
        app.Status.Volumes =
        [
            new VolumeStatus
            {
                Name = "data",
                BackupStartedAt = s_now,
                LastBackupAt = s_now.AddMinutes(40),
                LastBackupResult = HookResult.Failed,
            },
        ];

        Assert.Equal(s_now.AddHours(1), HookAgenda.NextAt(app, s_now));
        Assert.Null(HookAgenda.Due(app, s_now.AddMinutes(59)));
        Assert.NotNull(HookAgenda.Due(app, s_now.AddMinutes(60)));
    }

    [Fact]
    public void Without_hooks_nothing_is_said_about_protection()
    {
        var app = App();
        app.Spec.Volumes =
        [
            new VolumeSpec
            {
                Name = "data",
                Restore = new RestoreSpec { Service = "web", Command = ["restore"] },
            },
        ];

        Assert.Same(DataProtected.NoHooks, DataVerdict.Of(app).Reason);
    }

    [Fact]
    public void Of_two_volumes_the_one_that_failed_is_told()
    {
        var app = App();
        app.Spec.Volumes!.Add(
            new VolumeSpec
            {
                Name = "more",
                Backup = new BackupSpec { Service = "web", Command = ["b"] },
            }
        );
        app.Status.Volumes =
        [
            new VolumeStatus
            {
                Name = "data",
                LastBackupResult = HookResult.Succeeded,
                LastGoodBackupAt = s_now,
            },
            new VolumeStatus
            {
                Name = "more",
                LastBackupResult = HookResult.TimedOut,
                LastBackupMessage = "late",
            },
        ];

        var (reason, message) = DataVerdict.Of(app);

        Assert.Same(DataProtected.BackupFailed, reason);
        Assert.Contains("more: backup of never TimedOut, there is no good one: late", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_keeps_our_words_and_the_last_of_the_commands_within_its_limit()
    {
        var message = HookJournal.Message("Exit code 1", new string('x', 1_000) + " the end\n");

        Assert.StartsWith("Exit code 1: …x", message, StringComparison.Ordinal);
        Assert.EndsWith(" the end", message, StringComparison.Ordinal);
        Assert.Equal(HookJournal.MessageLimit, message.Length);
    }

    private static ComposeModel Model() =>
        ComposeParser
            .Parse(
                A.Compose("registry.test/shop:1", "    volumes: [\"data:/data\"]\nvolumes: {data: }"),
                new ComposeInputs { Variables = new Dictionary<string, string>(StringComparer.Ordinal) }
            )
            .Model!;

    private static ComposeApp App(Action<VolumeSpec>? change = null) =>
        A.App()
            .With(app =>
                app.Spec.Volumes = [
                    new VolumeSpec
                    {
                        Name = "data",
                        Backup = new BackupSpec { Service = "web", Command = ["backup"] },
                        Restore = new RestoreSpec { Service = "web", Command = ["restore"] },
                    }.With(change ?? (_ => { })),
                ]
            );
}
