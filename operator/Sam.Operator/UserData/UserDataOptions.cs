using System.Collections.Immutable;
using Sam.Operator.Clients.Docker;

namespace Sam.Operator.UserData;

/// <summary>What the installation wants of every VM.</summary>
internal sealed record UserDataOptions
{
    /// <summary>Size of the swap file in MiB; 0 = none.</summary>
    public int SwapMiB { get; init; } = 2048;

    /// <summary>The operator's egress addresses, for the provider's firewall; empty = the engine answers to all (the client certificate is still asked for).</summary>
    public ImmutableArray<string> EngineSources { get; init; } = [];

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
