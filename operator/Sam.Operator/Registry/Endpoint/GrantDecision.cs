using System.Collections.Immutable;
using k8s.Models;
using Sam.Operator.Registry.Tokens;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>What of the asked scopes somebody gets. What is asked for and not allowed is left out, as the protocol wants it; it is no error.</summary>
internal sealed class GrantDecision(AccessReviews reviews, TimeProvider timeProvider)
{
    private const string AccountPrefix = "system:serviceaccount:";

    /// <summary>The grant; null if the login is for another registry.</summary>
    public async Task<RegistryGrant?> DecideAsync(
        Bearer bearer,
        TrustedRegistry registry,
        IReadOnlyList<Scope> scopes,
        CancellationToken cancellationToken
    )
    {
        var asked = Asked(registry, scopes);
        return bearer switch
        {
            Bearer.Person person => await ForPersonAsync(person, registry, asked, cancellationToken),
            Bearer.Puller puller when puller.Login.Host != registry.Host => null,
            Bearer.Puller puller => ForPuller(puller, registry, asked),
            var other => throw new InvalidOperationException($"Unhandled bearer {other.GetType().Name}"),
        };
    }

    /// <summary>Repositories of a namespace with what is asked on each; scopes of other kinds are nobody's to give.</summary>
    private static List<(RepositoryAccess Access, RepositoryPlace Place)> Asked(
        TrustedRegistry registry,
        IReadOnlyList<Scope> scopes
    ) =>
        [
            .. from scope in scopes
            where scope is { Type: "repository", Class: null }
            group scope.Actions by scope.Name into same
            let place = RegistryDirectory.PlaceOf(registry, same.Key)
            let actions = same.SelectMany(words => words)
                .Aggregate(RegistryActions.None, (all, word) => all | RegistryActionWords.Read(word))
            where place is not null && actions != RegistryActions.None
            select (new RepositoryAccess(same.Key, actions), place),
        ];

    private async Task<RegistryGrant> ForPersonAsync(
        Bearer.Person person,
        TrustedRegistry registry,
        List<(RepositoryAccess Access, RepositoryPlace Place)> asked,
        CancellationToken cancellationToken
    )
    {
        var granted = ImmutableArray.CreateBuilder<RepositoryAccess>();
        foreach (var (access, place) in asked)
        {
            var allowed = await reviews.AllowedAsync(person.User, place, access.Actions, cancellationToken);
            if (allowed != RegistryActions.None)
                granted.Add(access with { Actions = allowed });
        }

        var subject = new RegistrySubject(person.User.Username, "person", Account(person.User), OnlyNamespace: null);
        return new RegistryGrant(registry.Host, granted.ToImmutable(), subject, Left(person.ExpiresAt));
    }

    private RegistryGrant ForPuller(
        Bearer.Puller puller,
        TrustedRegistry registry,
        List<(RepositoryAccess Access, RepositoryPlace Place)> asked
    )
    {
        var granted = asked
            .Where(one =>
                one.Access.Actions.HasFlag(RegistryActions.Pull)
                && puller.Entry.Repositories.Contains(one.Access.Repository, StringComparer.Ordinal)
            )
            .Select(one => one.Access with { Actions = RegistryActions.Pull })
            .ToImmutableArray();
        // Counted for each repository: one Secret serves many nodes, and what it names is bounded already.
        var name = granted.Length == 0 ? puller.Login.Subject : $"{puller.Login.Subject}:{granted[0].Repository}";
        var subject = new RegistrySubject(name, "project", puller.Entry.Project, puller.Login.Namespace);
        return new RegistryGrant(registry.Host, granted, subject, Left(puller.Login.ExpiresAt));
    }

    // No token outlives the login that it was got with.
    private TimeSpan? Left(DateTimeOffset? loginEnds) => loginEnds - timeProvider.GetUtcNow();

    private static V1ServiceAccount Account(V1UserInfo user)
    {
        var parts = user.Username[AccountPrefix.Length..].Split(':', 2);
        return new V1ServiceAccount
        {
            ApiVersion = "v1",
            Kind = "ServiceAccount",
            Metadata = new V1ObjectMeta
            {
                NamespaceProperty = parts[0],
                Name = parts[^1],
                Uid = user.Uid,
            },
        };
    }
}
