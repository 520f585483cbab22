namespace Sam.Operator.Credentials.Probes;

/// <summary>Where the model providers are reached, section <c>Sam:Models</c>; https only.</summary>
internal sealed class ModelEndpoints
{
    /// <summary>Anthropic.</summary>
    public Uri Anthropic { get; init; } = new("https://api.anthropic.com/v1/");

    /// <summary>OpenAI.</summary>
    public Uri OpenAI { get; init; } = new("https://api.openai.com/v1/");

    /// <summary>Google's Gemini.</summary>
    public Uri Google { get; init; } = new("https://generativelanguage.googleapis.com/v1beta/");

    /// <summary>Hosts of other endpoints that speak OpenAI's protocol and may be tried; a base URL of a user at any other host is never called by a probe.</summary>
    public string[] TrustedHosts { get; init; } = [];

    /// <summary>All that is wrong, by name.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (
            var (name, uri) in ((string, Uri)[])
                [(nameof(Anthropic), Anthropic), (nameof(OpenAI), OpenAI), (nameof(Google), Google)]
        )
        {
            if (uri is not { IsAbsoluteUri: true, Scheme: "https" })
                yield return $"Sam:Models:{name}: '{uri}' is no absolute https address";
        }
    }
}
