using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Rules.Credentials;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Credentials;

/// <summary>A provider token and where it came from.</summary>
/// <param name="Value">The token; never prints itself.</param>
/// <param name="Origin">Where it came from, for users.</param>
/// <param name="Source">Which layer it came from; Unresolved for a kept copy, which came from one long ago.</param>
/// <param name="IsCopy">It is the operator's kept copy.</param>
internal sealed record ProviderToken(HetznerToken Value, string Origin, CredentialSource Source, bool IsCopy = false);

/// <summary>Why there is no token.</summary>
/// <param name="Why">One sentence for users.</param>
/// <param name="ProjectMissing">The Project itself does not exist.</param>
internal sealed record TokenFault(string Why, bool ProjectMissing = false);

/// <summary>A token, or why there is none.</summary>
internal readonly record struct TokenAnswer(ProviderToken? Token, TokenFault? Fault);

/// <summary>Provider tokens where the resolver says they are.</summary>
internal sealed class ProviderTokens(IResourceStore<Project> projects, CredentialSources sources)
{
    /// <summary>The Hetzner token of a Project, or of the namespace if no Project is named.</summary>
    public async Task<TokenAnswer> ResolveAsync(string @namespace, string? projectName, CancellationToken cancellationToken)
    {
        var project = projectName is null ? null : projects.Get(@namespace, projectName);
        if (projectName is not null && project is null)
            return new TokenAnswer(null, new TokenFault($"Project {projectName} does not exist in namespace {@namespace}", true));
        return Answer(await sources.ResolveAsync(@namespace, project, Consumers.Hetzner, cancellationToken), @namespace);
    }

    private static TokenAnswer Answer(Resolution resolution, string @namespace) =>
        resolution switch
        {
            Resolution.Found(CredentialLayer.Platform, _, _, var credential) => new TokenAnswer(
                new ProviderToken(new HetznerToken(credential.Reveal()), "The platform's token", CredentialSource.Platform),
                null
            ),
            Resolution.Found(var layer, var name, var key, var credential) => new TokenAnswer(
                new ProviderToken(
                    new HetznerToken(credential.Reveal()),
                    $"Token from Secret {name}, key {key} ({layer})",
                    ShownCredential.SourceOf(layer)
                ),
                null
            ),
            Resolution.Halted(var layer, _, _, var why) => Fault(
                layer == CredentialLayer.Platform ? $"{why} (the platform's)" : $"{why} in namespace {@namespace}"
            ),
            Resolution.Unresolved(_, var why) => Fault($"{why} in namespace {@namespace}"),
            var other => throw new InvalidOperationException($"Unhandled resolution {other}"),
        };

    private static TokenAnswer Fault(string why) => new(null, new TokenFault(why));
}
