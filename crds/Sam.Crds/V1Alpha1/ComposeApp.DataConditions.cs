using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

public static partial class ComposeAppConditions
{
    /// <summary>Whether the data of volumes is saved. For reading only: what serves is Ready all the same.</summary>
    public static class DataProtected
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "DataProtected",
            "The last backup of every volume with a backup hook was good."
        );

        /// <summary>All are.</summary>
        public static readonly Reason BackedUp = Type.True(
            "The last backup of every volume with a backup hook was good; the message says of when."
        );

        /// <summary>There is nothing to judge.</summary>
        public static readonly Reason NoHooks = Type.Unknown(
            "No volume has a backup hook; set spec.volumes[].backup if there is data to save."
        );

        /// <summary>There was none yet.</summary>
        public static readonly Reason NoBackupYet = Type.False(
            "A volume with a backup hook was never saved; set backupRequestedAt or backup.schedule, or wait while one runs."
        );

        /// <summary>The last one failed.</summary>
        public static readonly Reason BackupFailed = Type.False(
            "The last backup of a volume failed; the message holds its last words. It is tried again at the next interval or request."
        );

        /// <summary>Its end is not known.</summary>
        public static readonly Reason BackupInterrupted = Type.False(
            "A backup lost its container or its engine on the way; it is repeated by itself, three times at most."
        );

        /// <summary>The data may be half restored.</summary>
        public static readonly Reason RestoreFailed = Type.False(
            "The last restore of a volume failed or was interrupted, and is not repeated by itself; set a new restoreRequestedAt."
        );
    }
}
