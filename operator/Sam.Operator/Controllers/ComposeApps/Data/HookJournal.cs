using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>Writes beginnings and ends of hooks into an app's status. Pure.</summary>
internal static class HookJournal
{
    /// <summary>Longest message of a hook in status.</summary>
    public const int MessageLimit = 500;

    /// <summary>A hook is about to begin: the request is answered, whatever comes.</summary>
    public static void Begin(ComposeApp app, DueHook due, HookStatus hook)
    {
        var volume = Entry(app.Status, due.Volume);
        app.Status.Hook = hook;
        if (due.Action == HookAction.Backup)
            (volume.BackupStartedAt, volume.BackupRequestSeen) = (hook.StartedAt, app.Spec.BackupRequestedAt);
        else
            (volume.RestoreStartedAt, volume.RestoreRequestSeen) = (hook.StartedAt, app.Spec.RestoreRequestedAt);
    }

    /// <summary>A hook ended.</summary>
    public static void End(ComposeAppStatus status, HookStatus hook, HookResult result, string message, DateTimeOffset now)
    {
        var volume = Entry(status, hook.Volume);
        status.Hook = null;
        if (result == HookResult.TimedOut)
            status.OverdueExec = hook.ExecId;
        if (hook.Action == HookAction.Restore)
        {
            (volume.LastRestoreAt, volume.LastRestoreResult, volume.LastRestoreMessage) = (now, result, message);
            return;
        }

        (volume.LastBackupAt, volume.LastBackupResult, volume.LastBackupMessage) = (now, result, message);
        volume.BackupInterruptions = result == HookResult.Interrupted ? (volume.BackupInterruptions ?? 0) + 1 : null;
        if (result == HookResult.Succeeded)
            volume.LastGoodBackupAt = hook.StartedAt;
    }

    /// <summary>Forgets volumes that have no hook any more, unless one runs.</summary>
    public static void Tidy(ComposeApp app)
    {
        var kept = (app.Status.Volumes ?? [])
            .Where(volume =>
                app.Spec.Volumes?.Any(spec => spec.Name == volume.Name) == true || app.Status.Hook?.Volume == volume.Name
            )
            .ToList();
        if (app.Status.Volumes is not null && kept.Count != app.Status.Volumes.Count)
            app.Status.Volumes = kept.Count == 0 ? null : kept;
    }

    /// <summary>Our words, then the command's last ones, bounded: the end counts.</summary>
    public static string Message(string message, string? words)
    {
        var said = (words ?? "").Trim();
        if (message.Length == 0)
            return Last(said, MessageLimit);
        return said.Length == 0 ? message : $"{message}: {Last(said, MessageLimit - message.Length - 2)}";
    }

    private static string Last(string text, int limit) => text.Length <= limit ? text : $"…{text[^(limit - 1)..]}";

    private static VolumeStatus Entry(ComposeAppStatus status, string name)
    {
        status.Volumes ??= [];
        if (status.Volumes.FirstOrDefault(volume => volume.Name == name) is { } found)
            return found;
        var added = new VolumeStatus { Name = name };
        status.Volumes.Add(added);
        return added;
    }
}
