namespace Sam.Rules.Credentials;

/// <summary>
/// The one resolver of credentials, used for showing and for doing. Layers in order: entries of the Project, Secrets of the namespace labelled
/// with the consumer, defaults of the operator. A disabled or broken entry halts at its layer; nothing falls back past it.
/// </summary>
public static class CredentialResolver
{
    /// <summary>Resolves one consumer.</summary>
    /// <param name="consumer">What the credential is for.</param>
    /// <param name="entries">The Project's entries.</param>
    /// <param name="labelled">Secrets of the namespace with the consumer's label.</param>
    public static Resolution Resolve(string consumer, IEnumerable<CredentialEntry> entries, IEnumerable<SecretFacts> labelled)
    {
        if (entries.FirstOrDefault(entry => entry.Consumer == consumer) is { } entry)
            return FromEntry(entry);

        // Two labelled Secrets are an ambiguity that only a person can settle; the name decides, so that every reader agrees.
        var secret = labelled.OrderBy(facts => facts.Name, StringComparer.Ordinal).FirstOrDefault();
        if (secret is null)
            return new Resolution.Unresolved($"no Project entry and no Secret labelled sam.dev/credential={consumer}");
        var key = KnownKeys.FirstOrDefault(secret.Keys.Contains) ?? (secret.Keys.Count == 1 ? secret.Keys.Single() : null);
        return key is null
            ? new Resolution.Halted(secret.Name, $"Secret {secret.Name} has none of the keys {string.Join(", ", KnownKeys)}")
            : new Resolution.Found(CredentialLayer.Namespace, secret.Name, key);
    }

    private static readonly string[] KnownKeys = ["token", "apiKey", "key"];

    private static Resolution FromEntry(CredentialEntry entry) =>
        entry switch
        {
            { Enabled: false } => new Resolution.Halted(
                entry.SecretName,
                $"the Project's entry for {entry.Consumer} is disabled"
            ),
            { Secret: null } => new Resolution.Halted(entry.SecretName, $"Secret {entry.SecretName} does not exist"),
            { Secret: { } secret } when !secret.Keys.Contains(entry.Key) => new Resolution.Halted(
                entry.SecretName,
                $"Secret {entry.SecretName} has no key {entry.Key}"
            ),
            _ => new Resolution.Found(CredentialLayer.Project, entry.SecretName, entry.Key),
        };
}

/// <summary>An entry of the Project, with what is known of its Secret.</summary>
/// <param name="Consumer">What it is for.</param>
/// <param name="Enabled">False halts.</param>
/// <param name="SecretName">Name of the Secret.</param>
/// <param name="Key">Key in the Secret.</param>
/// <param name="Secret">The Secret's facts; null if it does not exist.</param>
public sealed record CredentialEntry(string Consumer, bool Enabled, string SecretName, string Key, SecretFacts? Secret);

/// <summary>What may be known of a Secret without its values.</summary>
/// <param name="Name">Name.</param>
/// <param name="Keys">Keys of its data.</param>
public sealed record SecretFacts(string Name, IReadOnlySet<string> Keys);

/// <summary>Where a credential was found.</summary>
public enum CredentialLayer
{
    /// <summary>An entry of the Project.</summary>
    Project,

    /// <summary>A labelled Secret of the namespace.</summary>
    Namespace,
}

/// <summary>What the resolver came to.</summary>
public abstract record Resolution
{
    private Resolution() { }

    /// <summary>A Secret and key hold the value.</summary>
    public sealed record Found(CredentialLayer Layer, string SecretName, string Key) : Resolution;

    /// <summary>A layer forbids or breaks it.</summary>
    public sealed record Halted(string SecretName, string Why) : Resolution;

    /// <summary>No layer has one.</summary>
    public sealed record Unresolved(string Why) : Resolution;
}
