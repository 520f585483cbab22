using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Credentials;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>Every token that may have bought something: the kept copies, and what Projects resolve to now.</summary>
internal sealed class SweepTokens(CredentialCopies copies, ProviderTokens tokens, IResourceStore<Project> projects)
{
    /// <summary>The tokens, each once.</summary>
    public async Task<IReadOnlyCollection<HetznerToken>> ListAsync(CancellationToken cancellationToken)
    {
        var known = new HashSet<HetznerToken>(await copies.ListAsync(cancellationToken));
        foreach (var project in projects.List())
        {
            var answer = await tokens.ResolveAsync(project.Metadata.NamespaceProperty, project.Metadata.Name, cancellationToken);
            if (answer.Token is { } token)
                known.Add(token.Value);
        }

        return known;
    }
}
