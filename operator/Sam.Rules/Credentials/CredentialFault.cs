namespace Sam.Rules.Credentials;

/// <summary>Why there is no usable credential.</summary>
public enum CredentialFault
{
    /// <summary>No layer has one.</summary>
    NotConfigured,

    /// <summary>Only the platform has one, and may not be asked.</summary>
    PlatformNotAllowed,

    /// <summary>The Secret or its key does not exist.</summary>
    SecretNotFound,

    /// <summary>The value cannot be read as what it should be.</summary>
    SecretUnreadable,

    /// <summary>Somebody disabled it.</summary>
    CredentialInactive,

    /// <summary>It is of another provider or kind.</summary>
    WrongProvider,

    /// <summary>Its address is not https.</summary>
    InsecureUpstream,
}

/// <summary>A value that was read, or why it was not.</summary>
internal abstract record CredentialReading
{
    private CredentialReading() { }

    /// <summary>The value.</summary>
    public sealed record Read(Credential Credential) : CredentialReading;

    /// <summary>Why not.</summary>
    public sealed record Refused(CredentialFault Fault, string Why) : CredentialReading;

    public static CredentialReading No(CredentialFault fault, string why) => new Refused(fault, why);
}
