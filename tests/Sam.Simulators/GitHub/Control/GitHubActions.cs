using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub.Control;

/// <summary>What the control API can make happen.</summary>
internal static class GitHubActions
{
    public static JsonNode AddApp(GitHubSimulator simulator, JsonObject body)
    {
        var options = new SimulatedAppOptions
        {
            PrivateKeyPem = Optional(body, "privateKey"),
            WebhookUrl = Optional(body, "webhookUrl") is { } url ? new Uri(url) : null,
            WebhookSecret = Optional(body, "webhookSecret"),
        };
        if (Permissions(body) is { } permissions)
        {
            options = options with { Permissions = permissions };
        }
        var app = simulator.Apps.Add(Text(body, "slug"), options);
        return new JsonObject
        {
            ["id"] = app.Id,
            ["clientId"] = app.ClientId,
            ["privateKey"] = app.PrivateKeyPem,
        };
    }

    public static JsonNode AddRepository(GitHubSimulator simulator, JsonObject body)
    {
        var options = new SimulatedRepositoryOptions
        {
            Id = body["id"]?.GetValue<long>(),
            Private = body["private"]?.GetValue<bool>() ?? true,
            Git = body["git"]?.GetValue<bool>() ?? false,
            DefaultBranch = Optional(body, "defaultBranch") ?? "main",
        };
        if (body["files"] is JsonObject files)
        {
            options = options with { Files = files.ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>()) };
        }
        var repository = simulator.Repositories.Add(Text(body, "owner"), Text(body, "name"), options);
        return new JsonObject { ["id"] = repository.Id, ["fullName"] = repository.FullName };
    }

    // {"appId": 1, "repositories": ["acme/shop"]} or {"appId": 1, "account": "acme"}
    public static JsonNode Install(GitHubSimulator simulator, JsonObject body)
    {
        var app =
            simulator.Apps.All().FirstOrDefault(app => app.Id == body["appId"]?.GetValue<long>())
            ?? throw new ArgumentException("No App has this appId.", nameof(body));
        var installation = body["repositories"] is JsonArray names
            ? simulator.Install(app, [.. names.Select(name => Repository(simulator, name!.GetValue<string>()))])
            : simulator.InstallForAll(app, Text(body, "account"));
        return new JsonObject { ["id"] = installation.Id };
    }

    public static JsonNode AddPerson(GitHubSimulator simulator, JsonObject body)
    {
        var names = (body["repositories"] as JsonArray ?? []).Select(name => Repository(simulator, name!.GetValue<string>()));
        var person = simulator.People.Add(Text(body, "login"), [.. names]);
        return new JsonObject { ["token"] = person.Token };
    }

    // {"action": "rename", "repository": "acme/shop", "name": "store"}
    public static JsonNode Do(GitHubSimulator simulator, JsonObject body)
    {
        SimulatedRepository Named() => Repository(simulator, Text(body, "repository"));
        SimulatedInstallation Installed() =>
            simulator.Installations().FirstOrDefault(found => found.Id == body["installationId"]?.GetValue<long>())
            ?? throw new ArgumentException("No installation has this installationId.", nameof(body));
        SimulatedApp App() =>
            simulator.Apps.All().FirstOrDefault(found => found.Id == body["appId"]?.GetValue<long>())
            ?? throw new ArgumentException("No App has this appId.", nameof(body));

        var known = new Dictionary<string, Action>
        {
            ["rename"] = () => Named().Rename(Text(body, "name")),
            ["transfer"] = () => Named().Transfer(Text(body, "owner")),
            ["delete"] = () => Named().Delete(),
            ["archive"] = () => Named().Archived = true,
            ["publish"] = () => Named().Private = false,
            ["write"] = () => Named().Write(Text(body, "branch"), Text(body, "path"), Optional(body, "text")),
            ["add-repository"] = () => Installed().Add(Named()),
            ["remove-repository"] = () => Installed().Remove(Named()),
            ["suspend"] = () => Installed().Suspend(),
            ["unsuspend"] = () => Installed().Unsuspend(),
            ["uninstall"] = () => Installed().Uninstall(),
            ["grant"] = () => Installed().Grant(Permissions(body)),
            ["ask"] = () => App().Ask(Permissions(body) ?? throw new ArgumentException("permissions are missing", nameof(body))),
            ["add-key"] = () => App().AddKey(Optional(body, "privateKey")),
            ["forget-old-keys"] = () => App().ForgetOldKeys(),
            ["remove-app"] = () => simulator.Apps.Remove(App()),
            ["revoke-all"] = () => simulator.LiveTokens().ToList().ForEach(mint => simulator.Revoke(mint.Token)),
            ["open-issue"] = () => Named().Talk.OpenIssue(Text(body, "login"), Text(body, "title"), Optional(body, "body")),
            ["open-pull"] = () =>
                Named().Talk.OpenPull(Text(body, "login"), Text(body, "title"), Text(body, "head"), Text(body, "base")),
            ["comment"] = () =>
            {
                var number = body["number"]?.GetValue<int>();
                var issue = Named().Talk.All.FirstOrDefault(found => found.Number == number);
                Named()
                    .Talk.Comment(
                        issue ?? throw new ArgumentException($"No issue {number}", nameof(body)),
                        Text(body, "login"),
                        Text(body, "body")
                    );
            },
        };
        if (!known.TryGetValue(Text(body, "action"), out var action))
        {
            throw new ArgumentException($"Unknown action. Known: {string.Join(", ", known.Keys)}", nameof(body));
        }
        action();
        return new JsonObject();
    }

    private static SimulatedRepository Repository(GitHubSimulator simulator, string fullName) =>
        fullName.Split('/') is [var owner, var name] && simulator.Repositories.Find(owner, name) is { } found
            ? found
            : throw new ArgumentException($"No repository is named '{fullName}'.", nameof(fullName));

    private static Dictionary<string, string>? Permissions(JsonObject body) =>
        (body["permissions"] as JsonObject)?.ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());

    private static string Text(JsonObject body, string name) =>
        Optional(body, name) ?? throw new ArgumentException($"'{name}' is missing.", nameof(name));

    private static string? Optional(JsonObject body, string name) => body[name]?.GetValue<string>();
}
