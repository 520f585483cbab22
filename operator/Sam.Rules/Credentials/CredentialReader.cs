using System.Text;

namespace Sam.Rules.Credentials;

/// <summary>Reads a credential out of a Secret: raw or wrapped in JSON, with or without a line break at its end. No message holds a value.</summary>
internal static class CredentialReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the value for one consumer.</summary>
    /// <param name="consumer">Who will use it.</param>
    /// <param name="secret">Where it is.</param>
    /// <param name="key">Key of the value.</param>
    /// <param name="form">What it is said to be; null = as it looks.</param>
    /// <param name="baseUrl">Where it is to be sent, if the entry says so.</param>
    public static CredentialReading Read(string consumer, SecretContent secret, string key, CredentialForm? form, string? baseUrl)
    {
        if (secret.Refusal is { } refusal)
            return CredentialReading.No(CredentialFault.SecretUnreadable, $"Secret {secret.Name} cannot be read: {refusal}");
        if (Foreign(consumer, secret, form) is { } foreign)
            return foreign;
        if ((form ?? (consumer == Consumers.GitHub ? CredentialForm.GitHubApp : null)) == CredentialForm.GitHubApp)
            return GitHubAppReader.Read(secret);
        if (!secret.Data.TryGetValue(key, out var bytes))
            return CredentialReading.No(CredentialFault.SecretNotFound, $"Secret {secret.Name} has no key {key}");
        if (Text(bytes) is not { } text)
            return Unreadable(secret, key, "is not text (UTF-8)");
        if (text.Length == 0)
            return Unreadable(secret, key, "is empty");
        return ValueReader.Read(new ValueQuestion(consumer, secret, key, form, baseUrl), text);
    }

    /// <summary>The text of a value without the line breaks and blanks around it; null if it is no text.</summary>
    internal static string? Text(byte[] bytes)
    {
        try
        {
            // A Secret made on Windows may begin with a byte order mark.
            return Strict.GetString(bytes).TrimStart('\uFEFF').Trim();
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    internal static CredentialReading Unreadable(SecretContent secret, string key, string why) =>
        CredentialReading.No(CredentialFault.SecretUnreadable, $"Secret {secret.Name}, key {key}: the value {why}");

    private static CredentialReading? Foreign(string consumer, SecretContent secret, CredentialForm? form)
    {
        if (secret.LabelledFor is { } label && label != consumer)
            return CredentialReading.No(
                CredentialFault.WrongProvider,
                $"Secret {secret.Name} is labelled as a credential for {label}, not for {consumer}"
            );
        var provider = secret.Data.TryGetValue("provider", out var bytes) ? Text(bytes) : null;
        if (provider is not null && !string.Equals(provider, consumer, StringComparison.OrdinalIgnoreCase))
            return CredentialReading.No(
                CredentialFault.WrongProvider,
                $"Secret {secret.Name} says that it is for another provider than {consumer}"
            );
        return form is { } said && !Consumers.Takes(consumer, said)
            ? CredentialReading.No(CredentialFault.WrongProvider, $"{consumer} takes no credential of kind {said}")
            : null;
    }
}
