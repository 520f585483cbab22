namespace Sam.Operator.Registry.Tokens;

/// <summary>What came of asking for a token.</summary>
internal abstract record RegistryMint
{
    /// <summary>Signed.</summary>
    public sealed record Minted(RegistryToken Token) : RegistryMint;

    /// <summary>Never as it was asked.</summary>
    public sealed record Refused(string Why) : RegistryMint;

    /// <summary>Asked too often; refused mints count too.</summary>
    public sealed record RateLimited(TimeSpan RetryAfter) : RegistryMint;

    /// <summary>There is no key to sign with now.</summary>
    public sealed record Unavailable(string Why) : RegistryMint;
}
