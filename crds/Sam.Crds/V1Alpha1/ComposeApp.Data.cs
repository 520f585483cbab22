using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>How the data of one volume is saved and brought back: the user's commands, in the user's containers. SAM keeps no data.</summary>
public sealed record VolumeSpec
{
    /// <summary>Name of the volume in the Compose file.</summary>
    [Required, Length(1, 63)]
    public string Name { get; set; } = "";

    /// <summary>Command that saves the data somewhere else; it may be repeated.</summary>
    public BackupSpec? Backup { get; set; }

    /// <summary>Command that brings the data back; it is never repeated by itself.</summary>
    public RestoreSpec? Restore { get; set; }
}

/// <summary>A command that saves a volume's data.</summary>
public sealed record BackupSpec
{
    /// <summary>Compose service in whose running container the command runs, with its environment and user.</summary>
    [Required, Length(1, 63)]
    public string Service { get; set; } = "";

    /// <summary>Command and arguments, without a shell; exit code 0 is a good backup.</summary>
    [Required, ListAtomic, MaxItems(50), Length(1, 8192)]
    public IList<string> Command { get; set; } = [];

    /// <summary>Longest time that it may take, up to 24h.</summary>
    [Default("1h")]
    public Duration Timeout { get; set; } = new(TimeSpan.FromHours(1));

    /// <summary>Pause between two backups, at least 15m; without one, <c>backupRequestedAt</c> alone asks for them.</summary>
    public Duration? Schedule { get; set; }
}

/// <summary>A command that brings a volume's data back.</summary>
public sealed record RestoreSpec
{
    /// <summary>Compose service in whose running container the command runs, with its environment and user.</summary>
    [Required, Length(1, 63)]
    public string Service { get; set; } = "";

    /// <summary>Command and arguments, without a shell; exit code 0 is a good restore.</summary>
    [Required, ListAtomic, MaxItems(50), Length(1, 8192)]
    public IList<string> Command { get; set; } = [];

    /// <summary>Longest time that it may take, up to 24h.</summary>
    [Default("1h")]
    public Duration Timeout { get; set; } = new(TimeSpan.FromHours(1));
}

/// <summary>What a hook does.</summary>
public enum HookAction
{
    /// <summary>Saves the data.</summary>
    Backup,

    /// <summary>Brings the data back.</summary>
    Restore,
}

/// <summary>How a hook ended.</summary>
public enum HookResult
{
    /// <summary>Exit code 0.</summary>
    Succeeded,

    /// <summary>Another exit code, or it could not be started.</summary>
    Failed,

    /// <summary>It did not end in time; it may still run in its container.</summary>
    TimedOut,

    /// <summary>Nobody knows how it ended: its container or its engine went away. A backup is repeated, a restore is not.</summary>
    Interrupted,
}

/// <summary>What became of one volume's hooks.</summary>
public sealed record VolumeStatus
{
    /// <summary>Name of the volume in the Compose file.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>When the last backup began (RFC 3339).</summary>
    public DateTimeOffset? BackupStartedAt { get; set; }

    /// <summary>When the last backup ended (RFC 3339).</summary>
    public DateTimeOffset? LastBackupAt { get; set; }

    /// <summary>How the last backup ended.</summary>
    public HookResult? LastBackupResult { get; set; }

    /// <summary>Why, with the last lines of its error output; values of secrets are left out.</summary>
    public string? LastBackupMessage { get; set; }

    /// <summary>When the last good backup began (RFC 3339): what was written later is not in it.</summary>
    public DateTimeOffset? LastGoodBackupAt { get; set; }

    /// <summary>The <c>backupRequestedAt</c> that was answered last.</summary>
    public DateTimeOffset? BackupRequestSeen { get; set; }

    /// <summary>How often in a row a backup was interrupted.</summary>
    public int? BackupInterruptions { get; set; }

    /// <summary>When the last restore began (RFC 3339).</summary>
    public DateTimeOffset? RestoreStartedAt { get; set; }

    /// <summary>When the last restore ended (RFC 3339).</summary>
    public DateTimeOffset? LastRestoreAt { get; set; }

    /// <summary>How the last restore ended.</summary>
    public HookResult? LastRestoreResult { get; set; }

    /// <summary>Why, with the last lines of its error output; values of secrets are left out.</summary>
    public string? LastRestoreMessage { get; set; }

    /// <summary>The <c>restoreRequestedAt</c> that was answered last.</summary>
    public DateTimeOffset? RestoreRequestSeen { get; set; }
}

/// <summary>A hook that was begun and whose end is not known yet. The engine starts a command by its id once at most.</summary>
public sealed record HookStatus
{
    /// <summary>The volume.</summary>
    public string Volume { get; set; } = "";

    /// <summary>What it does.</summary>
    public HookAction Action { get; set; }

    /// <summary>Compose service that it runs in.</summary>
    public string Service { get; set; } = "";

    /// <summary>Id of the Machine.</summary>
    public string MachineId { get; set; } = "";

    /// <summary>Id of the container.</summary>
    public string ContainerId { get; set; } = "";

    /// <summary>The engine's id of the command.</summary>
    public string ExecId { get; set; } = "";

    /// <summary>When it was begun (RFC 3339).</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it is given up (RFC 3339).</summary>
    public DateTimeOffset Deadline { get; set; }
}
