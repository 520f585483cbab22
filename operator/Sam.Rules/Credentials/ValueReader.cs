using System.Text.Json;

namespace Sam.Rules.Credentials;

/// <summary>What is known beside the text of a value.</summary>
/// <param name="Consumer">Who will use it.</param>
/// <param name="Secret">Where it is.</param>
/// <param name="Key">Key of the value.</param>
/// <param name="Form">What it is said to be; null = as it looks.</param>
/// <param name="BaseUrl">Where it is to be sent, if the entry says so.</param>
internal sealed record ValueQuestion(string Consumer, SecretContent Secret, string Key, CredentialForm? Form, string? BaseUrl);

/// <summary>Reads a text: the value itself, a JSON text, a JSON object around it, or an agent's login file.</summary>
internal static class ValueReader
{
    private static readonly string[] Wrappers = ["token", "apiKey", "api_key", "oauthToken", "key", "value"];

    // What the login files of agents hold at their top.
    private static readonly string[] LoginSigns = ["tokens", "OPENAI_API_KEY", "claudeAiOauth", "refresh_token"];

    public static CredentialReading Read(ValueQuestion question, string text)
    {
        if (question.Form == CredentialForm.AuthJson)
            return LoginFile(question, text);
        return text[0] switch
        {
            '{' => FromObject(question, text),
            '"' => FromText(question, text),
            '[' => CredentialReader.Unreadable(question.Secret, question.Key, "is a JSON list"),
            _ => Accept(question, text, baseUrl: null),
        };
    }

    private static CredentialReading FromText(ValueQuestion question, string text)
    {
        if (Parse(text) is not { ValueKind: JsonValueKind.String } json)
            return CredentialReader.Unreadable(question.Secret, question.Key, "begins like a JSON text and is none");
        return Accept(question, json.GetString()!.Trim(), baseUrl: null);
    }

    private static CredentialReading FromObject(ValueQuestion question, string text)
    {
        if (Parse(text) is not { ValueKind: JsonValueKind.Object } json)
            return CredentialReader.Unreadable(question.Secret, question.Key, "begins like a JSON object and is none");
        if (question.Form is null && Array.Exists(LoginSigns, sign => json.TryGetProperty(sign, out _)))
            return LoginFile(question, text);
        if (json.TryGetProperty("provider", out var provider) && !Names(provider, question.Consumer))
            return CredentialReading.No(
                CredentialFault.WrongProvider,
                $"Secret {question.Secret.Name}, key {question.Key}: the value says that it is for another provider than {question.Consumer}"
            );
        var name = Array.Find(Wrappers, candidate => json.TryGetProperty(candidate, out _));
        if (name is null)
            return CredentialReader.Unreadable(
                question.Secret,
                question.Key,
                $"is a JSON object without any of {string.Join(", ", Wrappers)}"
            );
        if (json.GetProperty(name) is not { ValueKind: JsonValueKind.String } value)
            return CredentialReader.Unreadable(question.Secret, question.Key, $"is a JSON object whose {name} is no text");
        return Accept(question, value.GetString()!.Trim(), Member(json, "baseUrl") ?? Member(json, "base_url"));
    }

    private static CredentialReading LoginFile(ValueQuestion question, string text)
    {
        if (Parse(text) is not { ValueKind: JsonValueKind.Object })
            return CredentialReader.Unreadable(question.Secret, question.Key, "is no JSON object, which a login file is");
        return Consumers.Takes(question.Consumer, CredentialForm.AuthJson)
            ? new CredentialReading.Read(new Credential(CredentialForm.AuthJson, text))
            : CredentialReading.No(
                CredentialFault.WrongProvider,
                $"Secret {question.Secret.Name}, key {question.Key} holds a login file, which {question.Consumer} does not take"
            );
    }

    private static CredentialReading Accept(ValueQuestion question, string value, string? baseUrl)
    {
        if (value.Length == 0 || value.Any(character => character is <= ' ' or > '~'))
            return CredentialReader.Unreadable(question.Secret, question.Key, "is not one word of printable ASCII characters");
        var data = question.Secret.Data.TryGetValue("baseUrl", out var bytes) ? CredentialReader.Text(bytes) : null;
        var address = question.BaseUrl ?? baseUrl ?? data;
        var form = question.Form ?? FormOf(question.Consumer, value, address);
        if (!Consumers.Takes(question.Consumer, form))
            return CredentialReading.No(CredentialFault.WrongProvider, $"{question.Consumer} takes no credential of kind {form}");
        // A gateway in between may have keys that look like anybody's.
        if (address is null && Consumers.ForeignProvider(question.Consumer, value) is { } provider)
            return CredentialReading.No(
                CredentialFault.WrongProvider,
                $"Secret {question.Secret.Name}, key {question.Key} holds a value of {provider}, not of {question.Consumer}"
            );
        return Addressed(question, new Credential(form, value), address);
    }

    private static CredentialReading Addressed(ValueQuestion question, Credential credential, string? address)
    {
        if (address is null)
            return credential.Form == CredentialForm.OpenAICompatible
                ? CredentialReader.Unreadable(question.Secret, question.Key, "has no baseUrl, which kind OpenAICompatible needs")
                : new CredentialReading.Read(credential);
        // The address is no secret, but whoever wrote it may have put one into it: it is not shown.
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return CredentialReader.Unreadable(question.Secret, question.Key, "comes with a baseUrl that is no address");
        if (uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
            return CredentialReading.No(
                CredentialFault.InsecureUpstream,
                $"the base URL for {question.Consumer} is not https, or has a login in it; nothing is sent there"
            );
        return new CredentialReading.Read(new Credential(credential.Form, credential.Reveal()) { BaseUrl = uri });
    }

    private static CredentialForm FormOf(string consumer, string value, string? address) =>
        address is not null && Consumers.Takes(consumer, CredentialForm.OpenAICompatible)
            ? CredentialForm.OpenAICompatible
            : Consumers.FormOf(consumer, value);

    private static bool Names(JsonElement provider, string consumer) =>
        provider.ValueKind == JsonValueKind.String
        && string.Equals(provider.GetString(), consumer, StringComparison.OrdinalIgnoreCase);

    private static string? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
