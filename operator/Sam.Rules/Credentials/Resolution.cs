namespace Sam.Rules.Credentials;

/// <summary>Everything that decides where one consumer's credential comes from.</summary>
/// <param name="Consumer">What the credential is for.</param>
/// <param name="Entry">The Project's entry; null if it has none for this consumer.</param>
/// <param name="Labelled">Secrets of the namespace with the consumer's label.</param>
/// <param name="Platform">The platform's own.</param>
public sealed record CredentialQuestion(
    string Consumer,
    CredentialEntry? Entry,
    IReadOnlyList<SecretContent> Labelled,
    PlatformLayer Platform
);

/// <summary>The platform's own credentials, as far as this Project may ask for them.</summary>
public abstract record PlatformLayer
{
    private PlatformLayer() { }

    /// <summary>It may.</summary>
    public sealed record Open(IReadOnlyList<SecretContent> Secrets) : PlatformLayer;

    /// <summary>It may not, and why.</summary>
    public sealed record Closed(string Why) : PlatformLayer;
}

/// <summary>Where a credential was found.</summary>
public enum CredentialLayer
{
    /// <summary>An entry of the Project.</summary>
    Project,

    /// <summary>A labelled Secret of the namespace.</summary>
    Namespace,

    /// <summary>A labelled Secret of the operator's namespace.</summary>
    Platform,
}

/// <summary>What the resolver came to.</summary>
public abstract record Resolution
{
    private Resolution() { }

    /// <summary>A Secret and key hold the value.</summary>
    public sealed record Found(CredentialLayer Layer, string SecretName, string Key, Credential Credential) : Resolution;

    /// <summary>A layer forbids or breaks it.</summary>
    public sealed record Halted(CredentialLayer Layer, string SecretName, CredentialFault Fault, string Why) : Resolution;

    /// <summary>No layer has one.</summary>
    public sealed record Unresolved(CredentialFault Fault, string Why) : Resolution;
}
