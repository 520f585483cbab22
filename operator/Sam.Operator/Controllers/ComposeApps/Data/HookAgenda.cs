using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>A hook that is to run now.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Action">What it does.</param>
/// <param name="Service">Where.</param>
/// <param name="Command">What is run.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record DueHook(string Volume, HookAction Action, string Service, IReadOnlyList<string> Command, TimeSpan Timeout);

/// <summary>Which hook is to run when. Pure. What a person asked for comes before what the clock asks for, a restore before a backup.</summary>
internal static class HookAgenda
{
    /// <summary>A backup that was interrupted is begun so often in a row, and then left to the next interval or request.</summary>
    public const int MostAttempts = 3;

    private static readonly TimeSpan s_beforeRepeat = TimeSpan.FromMinutes(1);

    /// <summary>The hook that is due; null if there is none.</summary>
    public static DueHook? Due(ComposeApp app, DateTimeOffset now) =>
        Of(app)
            .Select(pair => RestoreOf(app, pair.Spec, pair.Status) ?? RequestedOf(app, pair.Spec, pair.Status))
            .FirstOrDefault(due => due is not null)
        ?? Of(app).Where(pair => NextAt(pair.Spec, pair.Status, now) <= now).Select(pair => Backup(pair.Spec)).FirstOrDefault();

    /// <summary>When the clock asks for a backup next; null if it never does.</summary>
    public static DateTimeOffset? NextAt(ComposeApp app, DateTimeOffset now) =>
        Of(app).Select(pair => NextAt(pair.Spec, pair.Status, now)).Min();

    // Between two beginnings, so that long backups do not drift away from the hour that was chosen.
    private static DateTimeOffset? NextAt(VolumeSpec spec, VolumeStatus? status, DateTimeOffset now)
    {
        if (spec.Backup is null)
            return null;
        if (status is { LastBackupResult: HookResult.Interrupted, BackupInterruptions: < MostAttempts })
            return status.LastBackupAt + s_beforeRepeat;
        return spec.Backup.Schedule is { } schedule ? status?.BackupStartedAt + schedule.Value ?? now : null;
    }

    private static DueHook? RestoreOf(ComposeApp app, VolumeSpec spec, VolumeStatus? status) =>
        spec.Restore is { } restore && app.Spec.RestoreRequestedAt is { } asked && !Same(status?.RestoreRequestSeen, asked)
            ? new DueHook(spec.Name, HookAction.Restore, restore.Service, [.. restore.Command], restore.Timeout.Value)
            : null;

    private static DueHook? RequestedOf(ComposeApp app, VolumeSpec spec, VolumeStatus? status) =>
        spec.Backup is not null && app.Spec.BackupRequestedAt is { } asked && !Same(status?.BackupRequestSeen, asked)
            ? Backup(spec)
            : null;

    private static DueHook Backup(VolumeSpec spec) =>
        new(spec.Name, HookAction.Backup, spec.Backup!.Service, [.. spec.Backup.Command], spec.Backup.Timeout.Value);

    // Another offset is the same moment, and no new request.
    private static bool Same(DateTimeOffset? seen, DateTimeOffset asked) => seen == asked;

    private static IEnumerable<(VolumeSpec Spec, VolumeStatus? Status)> Of(ComposeApp app) =>
        (app.Spec.Volumes ?? []).Select(spec => (spec, app.Status.Volumes?.FirstOrDefault(status => status.Name == spec.Name)));
}
