using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>What the last runs of an app's hooks add up to. Pure.</summary>
internal static class DataVerdict
{
    /// <summary>The reason and its words; the worst counts.</summary>
    public static (Reason Reason, string Message) Of(ComposeApp app)
    {
        var all = (app.Spec.Volumes ?? [])
            .Select(spec => (Spec: spec, Status: app.Status.Volumes?.FirstOrDefault(found => found.Name == spec.Name)))
            .ToList();
        var restore = all.Where(pair => pair.Status is { LastRestoreResult: not (null or HookResult.Succeeded) }).ToList();
        if (restore.Count > 0)
            return (DataProtected.RestoreFailed, Text(restore.Select(pair => Restored(pair.Status!))));
        var backups = all.Where(pair => pair.Spec.Backup is not null).ToList();
        if (backups.Count == 0)
            return (DataProtected.NoHooks, "No volume has a backup hook");
        var failed = backups.Where(pair => Is(pair.Status, HookResult.Failed, HookResult.TimedOut)).ToList();
        if (failed.Count > 0)
            return (DataProtected.BackupFailed, Text(failed.Select(pair => Failed(pair.Status!))));
        var cut = backups.Where(pair => Is(pair.Status, HookResult.Interrupted)).ToList();
        if (cut.Count > 0)
            return (DataProtected.BackupInterrupted, Text(cut.Select(pair => Failed(pair.Status!))));
        var never = backups.Where(pair => pair.Status?.LastBackupResult is null).Select(pair => pair.Spec.Name).ToList();
        return never.Count > 0
            ? (DataProtected.NoBackupYet, $"Never backed up: {string.Join(", ", never)}")
            : (
                DataProtected.BackedUp,
                Text(backups.Select(pair => $"{pair.Spec.Name} as of {At(pair.Status!.LastGoodBackupAt)}"))
            );
    }

    private static bool Is(VolumeStatus? status, params HookResult[] results) =>
        status?.LastBackupResult is { } last && results.Contains(last);

    private static string Failed(VolumeStatus volume)
    {
        var good = volume.LastGoodBackupAt is null
            ? "there is no good one"
            : $"the last good one is of {At(volume.LastGoodBackupAt)}";
        return $"{volume.Name}: backup of {At(volume.BackupStartedAt)} {volume.LastBackupResult}, {good}: {volume.LastBackupMessage}";
    }

    private static string Restored(VolumeStatus volume) =>
        $"{volume.Name}: restore of {At(volume.RestoreStartedAt)} {volume.LastRestoreResult}: {volume.LastRestoreMessage}";

    private static string At(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "never";

    private static string Text(IEnumerable<string> parts) => string.Join("; ", parts);
}
