using Sam.Crds.V1Alpha1;
using Sam.Operator.Registry.Logins;

namespace Sam.Operator.Controllers.Projects.TokenSecrets;

/// <summary>Logins for registries that trust SAM's key.</summary>
internal sealed class PullSecretSource(IRegistryLogins logins, GitHubPackagesLogins packages) : ITokenSecretSource
{
    public TokenSecretKind Kind => TokenSecretKind.RegistryPullSecret;

    public string SecretType => "kubernetes.io/dockerconfigjson";

    public async Task<TokenSecretOutcome> GetAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        bool isIntact,
        CancellationToken cancellationToken
    )
    {
        if (packages.Serves(entry))
            return await packages.GetAsync(context, entry, isIntact, cancellationToken);
        // Every login is signed anew, so that the one that is there is asked for its time first.
        var shown = context.Project.Status.TokenSecrets.FirstOrDefault(one => one.Name == entry.Name);
        if (isIntact && shown?.RenewAt > context.Run.Now)
            return new TokenSecretOutcome.Unchanged();
        var request = new PullSecretRequest(
            context.Project,
            entry.Name,
            entry.Registry ?? "",
            [.. entry.Repositories ?? []],
            entry.Lifetime.Value
        );
        return await logins.MakeAsync(request, cancellationToken) switch
        {
            PullSecretOutcome.Made(var config, var endsAt, var renewAt) => new TokenSecretOutcome.Fresh(
                new Dictionary<string, byte[]>(StringComparer.Ordinal) { [DockerConfiguration.Key] = config },
                TokenSecretObjects.Hash(config),
                endsAt,
                renewAt
            )
            {
                Repositories = request.Repositories,
            },
            PullSecretOutcome.Refused(var why) => new TokenSecretOutcome.Refused(TokenSecretFault.Other, "RegistryRefused", why),
            PullSecretOutcome.Later(var why, var after) => new TokenSecretOutcome.Later(why, after),
            var other => throw new InvalidOperationException($"Unhandled outcome {other}"),
        };
    }

    // A login of ours ends by its entry: the endpoint compares the two at every use. GitHub has to be told.
    public Task EndOthersAsync(
        ProjectContext context,
        string entry,
        TokenSecretOutcome.Fresh kept,
        CancellationToken cancellationToken
    ) => packages.EndOthersAsync(context, entry, kept, cancellationToken);
}
