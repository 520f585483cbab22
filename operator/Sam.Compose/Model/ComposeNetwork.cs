namespace Sam.Compose.Model;

/// <summary>One bridge network of an app.</summary>
public sealed record ComposeNetwork
{
    /// <summary>The network of services that name none.</summary>
    public const string Default = "default";

    /// <summary>True: no way out to the world, and none in.</summary>
    public bool Internal { get; init; }
}

/// <summary>Another name for a service.</summary>
public sealed record Link(string Service, string Alias);
