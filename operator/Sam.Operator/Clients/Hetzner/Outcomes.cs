namespace Sam.Operator.Clients.Hetzner;

/// <summary>The expected ends of a create; everything else is a <see cref="HetznerException"/>.</summary>
public abstract record CreateOutcome
{
    private CreateOutcome() { }

    /// <summary>The server exists and is billed; <paramref name="ActionId"/> is the action that builds it.</summary>
    public sealed record Created(Server Server, long ActionId) : CreateOutcome;

    /// <summary>This offer is refused now; the next one may be had.</summary>
    public sealed record NoCapacity(string Code, string Message) : CreateOutcome;

    /// <summary>The account's server limit (or that of an address, a volume) is reached.</summary>
    public sealed record Quota(string Code, string Message) : CreateOutcome;

    /// <summary>A server of this name exists: look it up and adopt it on an exact label match.</summary>
    public sealed record NameTaken(string Message) : CreateOutcome;

    /// <summary>The provider cannot build this request; <paramref name="Path"/> names the field if it is known.</summary>
    public sealed record Rejected(string Code, string Message, string? Path) : CreateOutcome;
}

/// <summary>The expected ends of a delete; everything else is a <see cref="HetznerException"/>.</summary>
public abstract record DeleteOutcome
{
    private DeleteOutcome() { }

    /// <summary>Accepted; the object is gone once a read says 404.</summary>
    public sealed record Deleted(long? ActionId) : DeleteOutcome;

    /// <summary>It does not exist (any more).</summary>
    public sealed record Gone : DeleteOutcome;

    /// <summary>An action holds it; try again.</summary>
    public sealed record Locked(string Message) : DeleteOutcome;

    /// <summary>Somebody protected it; it stays until they lift that.</summary>
    public sealed record Protected(string Message) : DeleteOutcome;
}
