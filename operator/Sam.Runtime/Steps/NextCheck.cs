using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Steps;

/// <summary>
/// Shows in <c>status.nextCheckAt</c> when a waiting object is looked at again. Polls must write nothing, so it moves along with another
/// change, and by itself only where somebody would wonder: a wait of five minutes or more that moved by as much.
/// </summary>
internal static class NextCheck
{
    private static readonly TimeSpan s_worthShowing = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_material = TimeSpan.FromMinutes(5);

    /// <summary>Sets the moment, if it may move.</summary>
    public static void Write(ConditionedStatus status, TimeSpan? wait, DateTimeOffset now, bool hasOtherChanges)
    {
        DateTimeOffset? next = wait >= s_worthShowing ? now + TimeSpan.FromSeconds(Math.Ceiling(wait.Value.TotalSeconds)) : null;
        var moved = status.NextCheckAt is { } old && next is { } later ? (later - old).Duration() : wait ?? TimeSpan.Zero;
        if (hasOtherChanges || (next is not null && moved >= s_material))
            status.NextCheckAt = next;
    }
}
