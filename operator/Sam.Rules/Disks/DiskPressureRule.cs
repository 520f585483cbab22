namespace Sam.Rules.Disks;

/// <summary>How full a disk is, by what has to be done about it.</summary>
public enum DiskLevel
{
    /// <summary>Nothing.</summary>
    Sufficient,

    /// <summary>Somebody should look.</summary>
    Filling,

    /// <summary>What can be fetched again goes.</summary>
    Collecting,

    /// <summary>Nothing new is begun.</summary>
    Full,
}

/// <summary>The level of a disk: up at once, down only a little below the threshold, so that a disk at the edge does not blink. Pure.</summary>
public static class DiskPressureRule
{
    /// <summary>From so many percent on somebody should look.</summary>
    public const int Warning = 70;

    /// <summary>From so many percent on images are collected eagerly.</summary>
    public const int Eager = 85;

    /// <summary>From so many percent on no release is begun.</summary>
    public const int Stop = 95;

    /// <summary>How far below its threshold a level ends.</summary>
    public const int Slack = 2;

    /// <summary>The level.</summary>
    /// <param name="usedPercent">Used part.</param>
    /// <param name="before">The level so far.</param>
    public static DiskLevel Of(int usedPercent, DiskLevel before)
    {
        var (up, down) = (LevelOf(usedPercent), LevelOf(usedPercent + Slack));
        return up >= before ? up
            : down < before ? down
            : before;
    }

    private static DiskLevel LevelOf(int percent) =>
        percent switch
        {
            >= Stop => DiskLevel.Full,
            >= Eager => DiskLevel.Collecting,
            >= Warning => DiskLevel.Filling,
            _ => DiskLevel.Sufficient,
        };
}
