using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Operator.Tokens;

namespace Sam.Operator.Controllers.Projects.TokenSecrets;

/// <summary>Installation tokens of GitHub, by the broker.</summary>
internal sealed class GitHubTokenSource(ITokenBroker broker, RepositoryMemory memory, GitHubHost host) : ITokenSecretSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> s_reading = new() { ["contents"] = "read" };

    // What was refused lately, so that not every run of the Project asks GitHub again.
    private readonly ConcurrentDictionary<(string Uid, string Entry), Refusal> _refusals = new();

    public TokenSecretKind Kind => TokenSecretKind.GitHubToken;

    public string SecretType => "Opaque";

    /// <summary>Use of the tokens of an entry.</summary>
    public static string UseOf(string entry) => $"tokenSecret/{entry}";

    public async Task<TokenSecretOutcome> GetAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        bool isIntact,
        CancellationToken cancellationToken
    )
    {
        if (GitHubProject.App(context) is not AppAnswer.Known(var key, var isPlatform))
            return NotVerified("The Project has no usable GitHub App");
        if (memory.FindLast(context.Project.Metadata.Uid) is not { } report)
            return NotVerified("The Project's repository was not proved yet");
        var names = entry.Repositories is { Count: > 0 } listed
            ? listed
            : [GitHubProject.Repositories(context.Project)[0].FullName];
        if (Unproved(context.Project, report, names) is { } why)
            return NotVerified(why);
        var grant = new GitHubGrant
        {
            Use = UseOf(entry.Name),
            App = key,
            IsPlatformApp = isPlatform,
            Repositories =
            [
                .. GitHubProject.Repositories(context.Project).Where(r => names.Any(n => GitHubProject.IsSame(n, r.FullName))),
            ],
            Permissions = entry.Permissions is { Count: > 0 } asked ? asked.AsReadOnly() : s_reading,
            Lifetime = entry.Lifetime.Value,
        };
        return await AskAsync(context, entry, grant, report, cancellationToken);
    }

    public Task EndOthersAsync(
        ProjectContext context,
        string entry,
        TokenSecretOutcome.Fresh kept,
        CancellationToken cancellationToken
    ) => broker.EndOthersAsync(TokenOwner.Of(context.Project), UseOf(entry), kept.Fingerprint, cancellationToken);

    private async Task<TokenSecretOutcome> AskAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        GitHubGrant grant,
        RepositoryReport report,
        CancellationToken cancellationToken
    )
    {
        var place = (context.Project.Metadata.Uid, entry.Name);
        var asked = $"{context.Project.Metadata.Generation} {report.At:O}";
        if (_refusals.TryGetValue(place, out var last) && last.Asked == asked && context.Run.Now < last.Until)
            return last.Outcome;
        _refusals.TryRemove(place, out _);
        try
        {
            switch (await broker.GetAsync(TokenOwner.Of(context.Project), grant, cancellationToken))
            {
                case GrantAnswer.Granted(var token):
                    return Fresh(token, entry, grant);
                case GrantAnswer.Refused(var reason, var why):
                    var outcome = new TokenSecretOutcome.Refused(FaultOf(reason), reason.ToString(), why);
                    foreach (var (old, _) in _refusals.Where(one => one.Value.Until <= context.Run.Now))
                        _refusals.TryRemove(old, out _);
                    _refusals[place] = new Refusal(asked, context.Run.Now + Patience, outcome);
                    return outcome;
                case var other:
                    throw new InvalidOperationException($"Unhandled answer {other}");
            }
        }
        catch (GitHubException fault) when (fault.MayPass || fault.Kind == GitHubErrorKind.NotFound)
        {
            return new TokenSecretOutcome.Later(fault.Message, fault.RetryAfter ?? RetryAfter);
        }
    }

    private TokenSecretOutcome.Fresh Fresh(IssuedToken token, TokenSecretSpec entry, GitHubGrant grant)
    {
        var value = token.Secret.Reveal();
        var data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["token"] = Encoding.UTF8.GetBytes(value),
            ["expiresAt"] = Encoding.UTF8.GetBytes(
                token.EndsAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            ),
        };
        if (entry.Form == TokenSecretForm.GitCredentials)
            data[".git-credentials"] = Encoding.UTF8.GetBytes(
                $"https://x-access-token:{Uri.EscapeDataString(value)}@{host.Name}\n"
            );
        if (entry.Form == TokenSecretForm.NetRc)
            data[".netrc"] = Encoding.UTF8.GetBytes($"machine {host.Name} login x-access-token password {value}\n");
        return new TokenSecretOutcome.Fresh(data, token.Secret.Fingerprint, token.EndsAt, token.RenewAt)
        {
            Repositories = [.. grant.Repositories.Select(repository => repository.FullName)],
            Permissions = grant.Permissions,
        };
    }

    private static string? Unproved(Project project, RepositoryReport report, IEnumerable<string> names)
    {
        // While GitHub is silent, the broker knows whether there is a token that is still good.
        if (report.Fault is not null && report.Proofs.IsEmpty)
            return null;
        foreach (var name in names)
        {
            if (project.Status.Repositories.FirstOrDefault(one => GitHubProject.IsSame(one.FullName, name)) is not { } shown)
                return $"{name} is not a repository of the Project; add it to additionalRepositories";
            // What the policy forbids is the broker's to end.
            if (!shown.Verified && shown.Reason != nameof(TokenRefusal.PolicyForbids))
                return $"{name} is not proved ({shown.Reason})";
        }
        return null;
    }

    private static TokenSecretOutcome NotVerified(string why) =>
        new TokenSecretOutcome.Refused(
            TokenSecretFault.RepositoryNotVerified,
            nameof(TokenSecretFault.RepositoryNotVerified),
            why
        );

    private static TokenSecretFault FaultOf(TokenRefusal reason) =>
        reason switch
        {
            TokenRefusal.PolicyForbids => TokenSecretFault.PolicyForbids,
            TokenRefusal.PermissionNotGranted => TokenSecretFault.PermissionNotGranted,
            TokenRefusal.OwnerEnded => TokenSecretFault.Other,
            _ => TokenSecretFault.RepositoryNotVerified,
        };

    private sealed record Refusal(string Asked, DateTimeOffset Until, TokenSecretOutcome.Refused Outcome);
}
