namespace Sam.DevCluster.Faults;

/// <summary>What a fault does.</summary>
public enum FaultAction
{
    /// <summary>Answers with <see cref="DevClusterFault.Code"/> and does nothing.</summary>
    Status,

    /// <summary>Waits for <see cref="DevClusterFault.Latency"/>, then goes on.</summary>
    Latency,

    /// <summary>Cuts the connection before anything is done.</summary>
    Cut,

    /// <summary>Does what was asked for, then cuts the connection instead of answering.</summary>
    LoseAnswer,

    /// <summary>Does what was asked for and cuts the connection in the middle of the answer.</summary>
    HalfAnswer,

    /// <summary>Answers a watch with a 410 event.</summary>
    ExpireWatch,

    /// <summary>Cuts an open watch instead of delivering a change.</summary>
    CutWatch,

    /// <summary>Opens a watch that stays silent: no change, no bookmark, no end.</summary>
    HangWatch,
}
