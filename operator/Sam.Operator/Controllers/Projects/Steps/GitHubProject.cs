using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Tokens;
using Sam.Rules.Credentials;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>What a Project asks of GitHub, in the words of the broker.</summary>
internal static class GitHubProject
{
    /// <summary>The App by which GitHub is reached, or why there is none; null if nothing at GitHub is configured.</summary>
    public static AppAnswer? App(ProjectContext context) =>
        context.Credentials.Resolve(Consumers.GitHub) switch
        {
            Resolution.Found(var layer, var secret, _, var credential) => Read(layer, secret, credential),
            Resolution.Halted(_, _, var fault, var why) => new AppAnswer.Missing(fault, why),
            Resolution.Unresolved(var fault, var why) => context.Project.Spec.Github is null
                ? null
                : new AppAnswer.Missing(fault, why),
            var other => throw new InvalidOperationException($"Unhandled resolution {other}"),
        };

    /// <summary>The repositories, the primary one first, with the ids that they are known by.</summary>
    public static IReadOnlyList<RepositoryReference> Repositories(Project project) =>
        project.Spec.Repository is not { } primary
            ? []
            : [.. project.Spec.AdditionalRepositories.Prepend(primary).Select(spec => Reference(project, spec)).DistinctBy(Key)];

    /// <summary>Whether two full names are one at GitHub, where case does not tell names apart.</summary>
    public static bool IsSame(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Key(RepositoryReference reference) => reference.FullName.ToUpperInvariant();

    // The spec says, or what was once proved: an id that was learned is enforced from then on.
    private static RepositoryReference Reference(Project project, RepositorySpec spec)
    {
        var name = $"{spec.Owner}/{spec.Name}";
        var known = project.Status.Repositories.FirstOrDefault(repository => IsSame(repository.FullName, name));
        return new RepositoryReference(spec.Owner, spec.Name, spec.Id ?? known?.Id);
    }

    private static AppAnswer Read(CredentialLayer layer, string secret, Credential credential)
    {
        try
        {
            return new AppAnswer.Known(
                GitHubAppKey.Read(credential.AppId ?? "", credential.Reveal()),
                layer == CredentialLayer.Platform
            );
        }
        catch (FormatException fault)
        {
            return new AppAnswer.Missing(CredentialFault.SecretUnreadable, $"Secret {secret}: {fault.Message}");
        }
    }
}

/// <summary>The App of a Project.</summary>
internal abstract record AppAnswer
{
    private AppAnswer() { }

    /// <summary>This one.</summary>
    public sealed record Known(GitHubAppKey Key, bool IsPlatform) : AppAnswer;

    /// <summary>None, and why.</summary>
    public sealed record Missing(CredentialFault Fault, string Why) : AppAnswer;
}
