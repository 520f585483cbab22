namespace Sam.Operator.Clients.GitHub;

/// <summary>What a call shows: an App's JWT or an installation token; it is in no text that this program writes.</summary>
internal sealed class GitHubCredential(string value, bool isApp)
{
    public bool IsApp => isApp;

    public string Reveal() => value;

    /// <summary>A text of somebody else's without the credential, should it be repeated there.</summary>
    public string Scrub(string text) => text.Replace(value, "***", StringComparison.Ordinal);

    public override string ToString() => isApp ? "github-app-jwt" : "github-installation-token";
}
