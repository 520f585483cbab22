using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub.Control;

/// <summary>What there is, as JSON; no key and no token is in it.</summary>
internal static class GitHubState
{
    public static JsonObject Of(GitHubSimulator simulator) =>
        new()
        {
            ["apps"] = Array(
                simulator.Apps.All(),
                app => new JsonObject
                {
                    ["id"] = app.Id,
                    ["clientId"] = app.ClientId,
                    ["slug"] = app.Slug,
                    ["permissions"] = Shapes.Map(app.Permissions),
                }
            ),
            ["installations"] = Array(
                simulator.Installations(),
                installation => new JsonObject
                {
                    ["id"] = installation.Id,
                    ["appId"] = installation.App.Id,
                    ["account"] = installation.Account,
                    ["permissions"] = Shapes.Map(installation.Permissions),
                    ["suspended"] = installation.SuspendedAt is not null,
                }
            ),
            ["repositories"] = Array(
                simulator.Repositories.All(),
                repository => new JsonObject
                {
                    ["id"] = repository.Id,
                    ["fullName"] = repository.FullName,
                    ["private"] = repository.Private,
                    ["defaultBranch"] = repository.DefaultBranch,
                    ["gitFolder"] = repository.GitFolder,
                }
            ),
            ["mints"] = simulator.Mints.Count,
            ["liveTokens"] = simulator.LiveTokens().Count,
            ["calls"] = JsonSerializer.SerializeToNode(simulator.CallsByRoute()),
        };

    public static JsonArray Mints(IReadOnlyList<SimulatedMint> mints) =>
        Array(
            mints,
            mint => new JsonObject
            {
                ["appId"] = mint.AppId,
                ["installationId"] = mint.InstallationId,
                ["askedRepositoryIds"] = JsonSerializer.SerializeToNode(mint.AskedRepositoryIds),
                ["askedPermissions"] = JsonSerializer.SerializeToNode(mint.AskedPermissions),
                ["repositoryIds"] = JsonSerializer.SerializeToNode(mint.RepositoryIds),
                ["permissions"] = Shapes.Map(mint.Permissions),
                ["isExplicit"] = mint.IsExplicit,
                ["at"] = Shapes.Text(mint.At),
                ["expiresAt"] = Shapes.Text(mint.ExpiresAt),
                ["revokedAt"] = mint.RevokedAt is { } moment ? Shapes.Text(moment) : null,
                ["revokedBy"] = mint.RevokedBy,
            }
        );

    public static JsonArray Deliveries(IReadOnlyList<GitHubDelivery> deliveries) =>
        Array(
            deliveries,
            delivery => new JsonObject
            {
                ["id"] = $"{delivery.Id:D}",
                ["event"] = delivery.Event,
                ["appId"] = delivery.App.Id,
                ["statuses"] = JsonSerializer.SerializeToNode(delivery.Statuses),
                ["payload"] = JsonNode.Parse(delivery.Payload),
            }
        );

    private static JsonArray Array<TItem>(IEnumerable<TItem> items, Func<TItem, JsonNode> shape) => [.. items.Select(shape)];
}
