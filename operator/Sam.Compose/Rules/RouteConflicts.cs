using System.Collections.Immutable;

namespace Sam.Compose.Rules;

/// <summary>A place that routes lead from.</summary>
public sealed record RoutePlace(string Host, string Path)
{
    public override string ToString() => Host + Path;
}

/// <summary>One app of a node, with the places it asks for.</summary>
public sealed record RouteClaimant(
    string Uid,
    string Namespace,
    string Name,
    DateTimeOffset CreatedAt,
    ImmutableArray<RoutePlace> Places
);

/// <summary>A place that an earlier app holds.</summary>
public sealed record RouteConflict(string Uid, RoutePlace Place, string OwnerNamespace, string OwnerName);

/// <summary>Who has which place, and who came too late.</summary>
public sealed record RouteOwnership(ImmutableDictionary<RoutePlace, string> OwnerUids, ImmutableArray<RouteConflict> Conflicts)
{
    public ImmutableArray<RouteConflict> ConflictsOf(string uid) => [.. Conflicts.Where(conflict => conflict.Uid == uid)];
}

/// <summary>Two apps with one host and path: the one created first has it, then the one first by namespace and name.</summary>
public static class RouteConflicts
{
    public static RouteOwnership Resolve(IEnumerable<RouteClaimant> apps)
    {
        var owners = new Dictionary<RoutePlace, RouteClaimant>();
        var conflicts = ImmutableArray.CreateBuilder<RouteConflict>();
        var order = apps.OrderBy(app => app.CreatedAt)
            .ThenBy(app => app.Namespace, StringComparer.Ordinal)
            .ThenBy(app => app.Name, StringComparer.Ordinal)
            .ThenBy(app => app.Uid, StringComparer.Ordinal);
        foreach (var app in order)
        {
            foreach (var place in app.Places.Select(place => RouteRules.PlaceOf(place.Host, place.Path)).Distinct())
            {
                if (!owners.TryAdd(place, app) && owners[place] is var owner)
                    conflicts.Add(new RouteConflict(app.Uid, place, owner.Namespace, owner.Name));
            }
        }
        return new RouteOwnership(
            owners.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Uid),
            conflicts.ToImmutable()
        );
    }
}
