using Sam.Operator.Clients.GitHub;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>Tries the key of a GitHub App by reading the App itself.</summary>
internal sealed class GitHubProbe(IGitHubApps apps) : ICredentialProbe
{
    public bool CanTry(string consumer, Credential credential) =>
        consumer == Consumers.GitHub && credential is { Form: CredentialForm.GitHubApp, AppId: not null };

    public async Task<ProbeOutcome> TryAsync(string consumer, Credential credential, CancellationToken cancellationToken)
    {
        try
        {
            await apps.For(GitHubAppKey.Read(credential.AppId!, credential.Reveal())).ReadAsync(cancellationToken);
            return new ProbeOutcome(ProbeVerdict.Accepted, "GitHub accepts it");
        }
        catch (GitHubException e) when (e.Kind is GitHubErrorKind.AppKeyInvalid)
        {
            return new ProbeOutcome(ProbeVerdict.Refused, "GitHub refuses the key of this App");
        }
        catch (GitHubException e)
        {
            return new ProbeOutcome(ProbeVerdict.Unanswered, $"GitHub did not say ({e.Kind})");
        }
        catch (FormatException)
        {
            return new ProbeOutcome(ProbeVerdict.Refused, "the App's key cannot be used");
        }
    }
}
