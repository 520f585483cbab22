namespace Sam.Rules.Credentials;

/// <summary>
/// The one resolver of credentials, used for showing and for doing. Layers in order: the Project's entry, Secrets of the namespace labelled
/// with the consumer, the platform's own. What is disabled, missing, unreadable or somebody else's halts at its layer, whichever that is:
/// nothing falls back past it. Only what is absent lets the next layer be asked.
/// </summary>
public static class CredentialResolver
{
    private static readonly string[] KnownKeys = ["token", "apiKey", "key"];

    // Beside the value, not the value.
    private static readonly string[] Attributes = ["baseUrl", "provider"];

    /// <summary>Resolves one consumer.</summary>
    public static Resolution Resolve(CredentialQuestion question)
    {
        if (question.Entry is { } entry)
            return FromEntry(entry);
        if (question.Labelled.Count > 0)
            return FromLabelled(question.Consumer, question.Labelled, CredentialLayer.Namespace);
        var absent = $"no Project entry and no Secret labelled sam.dev/credential={question.Consumer}";
        return question.Platform switch
        {
            PlatformLayer.Open { Secrets.Count: > 0 } open => FromLabelled(
                question.Consumer,
                open.Secrets,
                CredentialLayer.Platform
            ),
            PlatformLayer.Open => new Resolution.Unresolved(CredentialFault.NotConfigured, $"{absent}, and none of the platform"),
            PlatformLayer.Closed(var why) => new Resolution.Unresolved(CredentialFault.PlatformNotAllowed, $"{absent}; {why}"),
            _ => new Resolution.Unresolved(CredentialFault.NotConfigured, absent),
        };
    }

    private static Resolution FromEntry(CredentialEntry entry)
    {
        if (!entry.IsEnabled)
            return Halt(CredentialFault.CredentialInactive, $"the Project's entry for {entry.Consumer} is disabled");
        if (entry.Secret is not { } secret)
            return Halt(CredentialFault.SecretNotFound, $"Secret {entry.SecretName} does not exist");
        if (!secret.IsEnabled)
            return Halt(CredentialFault.CredentialInactive, $"Secret {entry.SecretName} is disabled by sam.dev/enabled=false");
        return CredentialReader.Read(entry.Consumer, secret, entry.Key, entry.Form, entry.BaseUrl) switch
        {
            CredentialReading.Read(var credential) => new Resolution.Found(
                CredentialLayer.Project,
                entry.SecretName,
                entry.Key,
                credential
            ),
            CredentialReading.Refused(var fault, var why) => Halt(fault, why),
            var other => throw new InvalidOperationException($"Unhandled reading {other}"),
        };

        Resolution Halt(CredentialFault fault, string why) =>
            new Resolution.Halted(CredentialLayer.Project, entry.SecretName, fault, why);
    }

    private static Resolution FromLabelled(string consumer, IReadOnlyList<SecretContent> secrets, CredentialLayer layer)
    {
        var ordered = secrets.OrderBy(secret => secret.Name, StringComparer.Ordinal).ToList();
        // A tombstone says that the layer has none on purpose, whatever lies beside it.
        if (ordered.Find(secret => !secret.IsEnabled) is { } tombstone)
            return new Resolution.Halted(
                layer,
                tombstone.Name,
                CredentialFault.CredentialInactive,
                $"Secret {tombstone.Name} is disabled by sam.dev/enabled=false"
            );
        // Two labelled Secrets are an ambiguity that only a person can settle; the name decides, so that every reader agrees.
        var secret = ordered[0];
        var values = secret.Data.Keys.Except(Attributes, StringComparer.Ordinal).ToList();
        var key = Array.Find(KnownKeys, secret.Data.ContainsKey) ?? (values.Count == 1 ? values[0] : null);
        if (key is null && consumer != Consumers.GitHub && secret.Refusal is null)
            return new Resolution.Halted(
                layer,
                secret.Name,
                CredentialFault.SecretNotFound,
                $"Secret {secret.Name} has none of the keys {string.Join(", ", KnownKeys)}"
            );
        return CredentialReader.Read(consumer, secret, key ?? "", form: null, baseUrl: null) switch
        {
            CredentialReading.Read(var credential) => new Resolution.Found(layer, secret.Name, key ?? "privateKey", credential),
            CredentialReading.Refused(var fault, var why) => new Resolution.Halted(layer, secret.Name, fault, why),
            var other => throw new InvalidOperationException($"Unhandled reading {other}"),
        };
    }
}
