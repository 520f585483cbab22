using System.Collections.Immutable;

namespace Sam.Operator.UserData;

/// <summary>What a Machine is told at its first boot. Every value is validated before it is rendered.</summary>
public sealed record UserDataRequest
{
    /// <summary>The Machine's id.</summary>
    public required string MachineId { get; init; }

    /// <summary>The Machine's own TLS key, PEM; the only secret.</summary>
    public required string EngineKeyPem { get; init; }

    /// <summary>Its certificate, PEM.</summary>
    public required string EngineCertificatePem { get; init; }

    /// <summary>Client CAs that the engine accepts, PEM: one, or two while a rotation is under way.</summary>
    public required string ClientAuthoritiesPem { get; init; }

    /// <summary>Swap in MiB; 0 = none.</summary>
    public int SwapMiB { get; init; } = 2048;

    /// <summary>Public keys of people, for emergencies.</summary>
    public ImmutableArray<string> SshAuthorizedKeys { get; init; } = [];

    /// <summary>Volumes that are attached are mounted, and formatted if they are blank.</summary>
    public bool MountsVolumes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"user data of {MachineId}";
}

/// <summary>Values that cannot be rendered, all of them.</summary>
/// <param name="errors">One sentence per value; no value itself.</param>
public sealed class UserDataException(IReadOnlyList<string> errors)
    : ArgumentException("user data refused: " + string.Join("; ", errors))
{
    /// <summary>One sentence per value.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
