using Sam.Operator.Clients.Docker;

namespace Sam.Operator.UserData;

/// <summary>What the installation wants of every VM.</summary>
internal sealed record UserDataOptions
{
    /// <summary>Size of the swap file in MiB; 0 = none.</summary>
    public int SwapMiB { get; init; } = 2048;

    /// <summary>The request for one VM.</summary>
    public UserDataRequest RequestFor(string machineId, EngineKeyPair key, string clientAuthoritiesPem) =>
        new()
        {
            MachineId = machineId,
            EngineKeyPem = key.KeyPem,
            EngineCertificatePem = key.CertificatePem,
            ClientAuthoritiesPem = clientAuthoritiesPem,
            SwapMiB = SwapMiB,
        };
}
