using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Operator.Controllers.Projects.TokenSecrets;
using Sam.Operator.Registry;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.Projects;

/// <summary>The steps of a Project that ask GitHub and keep token Secrets.</summary>
internal static class GitHubSteps
{
    /// <summary>Adds them.</summary>
    public static void AddGitHubSteps(this IRuntimeBuilder runtime)
    {
        var services = runtime.Services;
        services.AddSingleton<RepositoryMemory>();
        services.AddSingleton<TokenSecretObjects>();
        services.AddSingleton<GitHubTokenSource>();
        services.AddSingleton<ITokenSecretSource>(provider => provider.GetRequiredService<GitHubTokenSource>());
        services.AddSingleton(provider => new GitHubPackagesLogins(
            provider.GetRequiredService<GitHubTokenSource>(),
            provider.GetRequiredService<RegistryOptions>()
        ));
        services.AddSingleton<ITokenSecretSource, PullSecretSource>();
        services.AddSingleton<VerifyRepository>();
        services.AddSingleton<ReadRepository>();
        services.AddSingleton<KeepTokenSecrets>();
        services.AddSingleton<RevokeTokens>();
    }

    /// <summary>The Project whose token Secret it is.</summary>
    public static IEnumerable<ObjectKey> Owner(MetadataOf<V1Secret> secret) =>
        secret.Metadata.Labels?.TryGetValue(Names.Labels.Purpose, out var purpose) == true
        && purpose == TokenSecretObjects.Purpose
        && secret.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Kind == nameof(Project)) is { } owner
            ? [new ObjectKey(secret.Metadata.NamespaceProperty, owner.Name)]
            : [];
}
