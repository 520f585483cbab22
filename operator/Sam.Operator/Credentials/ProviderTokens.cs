using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Rules.Credentials;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Credentials;

/// <summary>A provider token and where it came from.</summary>
/// <param name="Value">The token; never prints itself.</param>
/// <param name="Origin">Where it came from, for users.</param>
/// <param name="IsCopy">It is the operator's kept copy.</param>
internal sealed record ProviderToken(HetznerToken Value, string Origin, bool IsCopy = false);

/// <summary>Why there is no token.</summary>
/// <param name="Why">One sentence for users.</param>
/// <param name="ProjectMissing">The Project itself does not exist.</param>
internal sealed record TokenFault(string Why, bool ProjectMissing = false);

/// <summary>A token, or why there is none.</summary>
internal readonly record struct TokenAnswer(ProviderToken? Token, TokenFault? Fault);

/// <summary>Reads provider tokens where the resolver says they are. Values are read when used and never kept here.</summary>
[Rbac<V1Secret>("get", "list")]
internal sealed class ProviderTokens(IResourceStore<Project> projects, IResourceClient<V1Secret> secrets)
{
    private const string Consumer = "hetzner";

    /// <summary>The Hetzner token of a Project, or of the namespace if no Project is named.</summary>
    public async Task<TokenAnswer> ResolveAsync(string @namespace, string? projectName, CancellationToken cancellationToken)
    {
        var project = projectName is null ? null : projects.Get(@namespace, projectName);
        if (projectName is not null && project is null)
            return new TokenAnswer(null, new TokenFault($"Project {projectName} does not exist in namespace {@namespace}", true));

        var found = await ResolveAsync(@namespace, project, Consumer, cancellationToken);
        return found.Resolution switch
        {
            Resolution.Found(var layer, var name, var key) => Read(found.Secret!, layer, name, key),
            Resolution.Halted(_, var why) => new TokenAnswer(null, new TokenFault($"{why} in namespace {@namespace}")),
            Resolution.Unresolved(var why) => new TokenAnswer(null, new TokenFault($"{why} in namespace {@namespace}")),
            var other => throw new InvalidOperationException($"Unhandled resolution {other}"),
        };
    }

    /// <summary>Where one consumer's credential comes from, with the Secret that holds it.</summary>
    internal async Task<(Resolution Resolution, V1Secret? Secret)> ResolveAsync(
        string @namespace,
        Project? project,
        string consumer,
        CancellationToken cancellationToken
    )
    {
        var entry = project?.Spec.Credentials.FirstOrDefault(candidate => candidate.Consumer == consumer);
        if (entry is not null)
        {
            var secret = await secrets.GetAsync(@namespace, entry.SecretRef.Name, cancellationToken);
            var known = new CredentialEntry(consumer, entry.Enabled, entry.SecretRef.Name, entry.SecretRef.Key, FactsOf(secret));
            return (CredentialResolver.Resolve(consumer, [known], []), secret);
        }

        var labelled = await secrets.ListAsync(@namespace, $"{Names.Labels.Credential}={consumer}", cancellationToken);
        var resolution = CredentialResolver.Resolve(consumer, [], labelled.Select(secret => FactsOf(secret)!));
        var chosen = resolution is Resolution.Found(_, var name, _)
            ? labelled.First(secret => secret.Metadata.Name == name)
            : null;
        return (resolution, chosen);
    }

    private static TokenAnswer Read(V1Secret secret, CredentialLayer layer, string name, string key)
    {
        try
        {
            var token = new HetznerToken(Encoding.UTF8.GetString(secret.Data[key]));
            return new TokenAnswer(new ProviderToken(token, $"Token from Secret {name}, key {key} ({layer})"), null);
        }
        catch (ArgumentException e)
        {
            return new TokenAnswer(null, new TokenFault($"Secret {name}, key {key}: {e.Message}"));
        }
    }

    private static SecretFacts? FactsOf(V1Secret? secret) =>
        secret is null
            ? null
            : new SecretFacts(secret.Metadata.Name, (secret.Data?.Keys ?? []).ToHashSet(StringComparer.Ordinal));
}
