namespace Sam.Rules.Credentials;

/// <summary>What is known of consumers: which forms of credentials each takes, and by which signs a value of another provider is told.</summary>
public static class Consumers
{
    /// <summary>Hetzner Cloud.</summary>
    public const string Hetzner = "hetzner";

    /// <summary>GitHub.</summary>
    public const string GitHub = "github";

    /// <summary>Anthropic.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>OpenAI.</summary>
    public const string OpenAI = "openai";

    /// <summary>Google's Gemini.</summary>
    public const string Google = "google";

    /// <summary>OpenCode's own models.</summary>
    public const string OpenCode = "opencode";

    private static readonly Dictionary<string, CredentialForm[]> Forms = new(StringComparer.Ordinal)
    {
        [Hetzner] = [CredentialForm.CloudProvider],
        [GitHub] = [CredentialForm.GitHubApp],
        [Anthropic] = [CredentialForm.ApiKey, CredentialForm.OAuthToken, CredentialForm.AuthJson],
        [OpenAI] = [CredentialForm.ApiKey, CredentialForm.OAuthToken, CredentialForm.OpenAICompatible, CredentialForm.AuthJson],
        [Google] = [CredentialForm.ApiKey, CredentialForm.OAuthToken, CredentialForm.AuthJson],
        [OpenCode] = [CredentialForm.ApiKey, CredentialForm.OpenAICompatible, CredentialForm.AuthJson],
    };

    // Signs that providers themselves put before their keys, for secret scanners; the longest comes first.
    private static readonly (string Sign, string Provider)[] Signs =
    [
        ("github_pat_", GitHub),
        ("sk-ant-", Anthropic),
        ("sk-proj-", OpenAI),
        ("ghp_", GitHub),
        ("gho_", GitHub),
        ("ghu_", GitHub),
        ("ghs_", GitHub),
        ("AIza", Google),
    ];

    /// <summary>All consumers that SAM knows by name.</summary>
    public static IReadOnlyCollection<string> Known => Forms.Keys;

    /// <summary>Whether a consumer takes a form; one that SAM does not know takes whatever buys no servers and mints no tokens.</summary>
    public static bool Takes(string consumer, CredentialForm form) =>
        Forms.TryGetValue(consumer, out var forms)
            ? forms.Contains(form)
            : form is not (CredentialForm.CloudProvider or CredentialForm.GitHubApp);

    /// <summary>The form that a bare value has for a consumer.</summary>
    public static CredentialForm FormOf(string consumer, string value) =>
        consumer switch
        {
            Hetzner => CredentialForm.CloudProvider,
            GitHub => CredentialForm.GitHubApp,
            Anthropic when value.StartsWith("sk-ant-oat", StringComparison.Ordinal) => CredentialForm.OAuthToken,
            _ => CredentialForm.ApiKey,
        };

    /// <summary>The provider that a value says it is of, if it is not this consumer.</summary>
    public static string? ForeignProvider(string consumer, string value) =>
        Forms.ContainsKey(consumer)
        && Array.Find(Signs, sign => value.StartsWith(sign.Sign, StringComparison.Ordinal)) is { Provider: { } provider }
        && provider != consumer
            ? provider
            : null;
}
