using System.Collections.Immutable;

namespace Sam.Operator.UserData;

/// <summary>What a VM must know at its first boot. Its own TLS key is the only secret.</summary>
public sealed record UserDataRequest
{
    /// <summary>Host name.</summary>
    public required string HostName { get; init; }

    /// <summary>The engine's private key (PEM).</summary>
    public required string EngineKeyPem { get; init; }

    /// <summary>The engine's certificate (PEM).</summary>
    public required string EngineCertificatePem { get; init; }

    /// <summary>CAs of the clients that the engine admits (PEM bundle).</summary>
    public required string ClientAuthoritiesPem { get; init; }

    /// <summary>Size of the swap file in MiB; 0 = none.</summary>
    public int SwapMiB { get; init; }

    /// <summary>IPv4 addresses or networks that may reach the engine; empty = all (the client certificate is still asked for).</summary>
    public ImmutableArray<string> EngineSources { get; init; } = [];

    /// <summary>People's keys for emergencies (OpenSSH format).</summary>
    public ImmutableArray<string> SshKeys { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"user data of {HostName}";
}
