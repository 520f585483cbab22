namespace Sam.Operator.Registry.Tokens;

/// <summary>
/// Signs tokens of the Distribution token scheme. The last gate: host, namespace, lifetime and rate are checked here, whoever asks; the caller has
/// proved who the subject is.
/// </summary>
internal interface IRegistryTokens
{
    /// <summary>Signs what was asked for, or says why not; leaves one audit event and one count either way.</summary>
    Task<RegistryMint> MintAsync(RegistryGrant grant, CancellationToken cancellationToken);
}
