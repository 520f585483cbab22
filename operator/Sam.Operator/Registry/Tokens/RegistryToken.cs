namespace Sam.Operator.Registry.Tokens;

/// <summary>A signed token. Opaque: it shows its bytes only where they are asked for by name, never in a log, a message or a debugger.</summary>
[System.Diagnostics.DebuggerDisplay("registry token for {Host}")]
internal sealed class RegistryToken(string secret, string host, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
{
    /// <summary>The only host it may be sent to.</summary>
    public string Host { get; } = host;

    /// <summary>When it was signed.</summary>
    public DateTimeOffset IssuedAt { get; } = issuedAt;

    /// <summary>When it ends.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>The bytes, for the one place that sends them.</summary>
    public string Reveal() => secret;

    /// <inheritdoc/>
    public override string ToString() => $"registry token for {Host} until {ExpiresAt:u}";
}
