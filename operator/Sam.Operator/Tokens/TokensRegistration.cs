using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Hosting;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;

namespace Sam.Operator.Tokens;

/// <summary>The door of the room.</summary>
internal static class TokensRegistration
{
    // One revocation is one call: this many of them are on their way at once when many owners end together.
    private const int Parallelism = 32;

    /// <summary>Adds the broker, its journal, and the watcher that ends what has no owner.</summary>
    public static IRuntimeBuilder AddTokens(this IRuntimeBuilder runtime, OperatorOptions options)
    {
        var services = runtime.Services;
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<IGitHubApps>(provider => new GitHubApps(
            options.GitHub with
            {
                Endpoint = options.GitHubEndpoint,
            },
            provider.GetRequiredService<ILeadership>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<TokenMetrics>()
        ));
        services.AddSingleton(GitHubHost.Of(options.GitHubEndpoint));
        services.AddSingleton<TokenJournal>();
        services.AddSingleton<TokenOwners>();
        services.AddSingleton<TokenAudit>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<ReadingTokens>();
        services.AddSingleton<IRepositoryProofs, RepositoryProofs>();
        services.AddSingleton<TokenBroker>();
        services.AddSingleton<ITokenBroker>(provider => provider.GetRequiredService<TokenBroker>());
        services.AddSingleton<ITokenOwnerKind>(provider => new CachedOwners<Project>(
            nameof(Project),
            provider.GetRequiredService<IResourceStore<Project>>()
        ));
        return runtime
            .AddController<TokenJournalController, MetadataOf<V1Secret>>(
                new ControllerOptions { Name = "token-journal", Parallelism = Parallelism }
            )
            // The owner's end.
            .Watches<TokenJournalController, MetadataOf<V1Secret>, Project>(
                (project, stores) => Journal(project.Metadata.Uid, options.Namespace)
            );
    }

    private static IEnumerable<ObjectKey> Journal(string ownerUid, string home) =>
        [new ObjectKey(home, TokenJournal.NameOf(ownerUid))];
}
