using Sam.Operator.Clients.Docker;
using Sam.Operator.UserData;

namespace Sam.Tests.UserData;

/// <summary>Requests that both the golden files and cloud-init's own check use.</summary>
internal static class UserDataSamples
{
    private const string Authority =
        "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQm90aENhc2VzT2ZBdXRob3JpdHkx\n-----END CERTIFICATE-----\n";

    private static readonly EngineKeyPair keys = new EngineIdentity(new byte[32]).For("m-0000");

    /// <summary>All that is needed and no more. The certificate's signature is random, so a fixed text stands in for it.</summary>
    public static UserDataRequest Minimal { get; } =
        new()
        {
            MachineId = "m-0000",
            EngineKeyPem = keys.KeyPem,
            EngineCertificatePem = Authority.Replace("Mz", "Nz", StringComparison.Ordinal),
            ClientAuthoritiesPem = Authority,
            SwapMiB = 0,
        };

    /// <summary>Every part in use.</summary>
    public static UserDataRequest Full { get; } =
        Minimal with
        {
            ClientAuthoritiesPem = Authority + Authority,
            SwapMiB = 2048,
            MountsVolumes = true,
            SshAuthorizedKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleEx ops@example"],
        };

    public static TheoryData<string> Names => ["minimal", "full"];

    public static UserDataRequest Named(string name) => name == "full" ? Full : Minimal;
}
