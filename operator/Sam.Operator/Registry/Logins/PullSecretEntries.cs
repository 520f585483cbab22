using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Registry.Logins;

/// <inheritdoc/>
internal sealed class PullSecretEntries(IResourceStore<Project> projects) : IPullSecretEntries
{
    public StandingEntry? Find(PullLogin login)
    {
        var project = projects.Get(login.Namespace, login.Project);
        if (project is null || project.Metadata.Uid != login.ProjectUid || project.Metadata.DeletionTimestamp is not null)
            return null;
        var entry = project.Spec.TokenSecrets.FirstOrDefault(entry => entry.Name == login.Entry);
        return entry is { Kind: TokenSecretKind.RegistryPullSecret } && entry.Registry == login.Host
            ? new StandingEntry(project, [.. login.Repositories.Intersect(entry.Repositories ?? [])])
            : null;
    }
}
