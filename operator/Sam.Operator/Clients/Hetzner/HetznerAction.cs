namespace Sam.Operator.Clients.Hetzner;

/// <summary>Asynchronous work at the provider.</summary>
public sealed record HetznerAction(long Id, string Command, HetznerActionStatus Status, int Progress, DateTimeOffset Started)
{
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Why it failed, if <see cref="Status"/> says it did.</summary>
    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }
}

/// <summary>How far an action is.</summary>
public enum HetznerActionStatus
{
    Unknown,
    Running,
    Success,
    Error,
}
