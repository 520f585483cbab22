using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Objects as GitHub writes them.</summary>
internal sealed partial class Shapes(Uri root)
{
    private static readonly string[] s_userLinks =
    [
        "followers",
        "following{/other_user}",
        "gists{/gist_id}",
        "starred{/owner}{/repo}",
        "subscriptions",
        "organizations:orgs",
        "repos",
        "events{/privacy}",
        "received_events",
    ];

    public string Url(string path) => root.AbsoluteUri + path;

    public static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Node(string kind, long id) =>
        $"{kind}_{Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}")).TrimEnd('=')}";

    public static JsonObject Map(IReadOnlyDictionary<string, string> pairs) =>
        new(
            pairs
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
        );

    // An account's id comes from its name: the simulator knows no more of it.
    public static long AccountId(string login) =>
        4_000_000_000 + login.ToLowerInvariant().Aggregate(7L, (sum, letter) => ((sum * 31) + letter) % 900_000_000);

    public JsonObject Account(string login, string type = "Organization")
    {
        JsonObject account = new()
        {
            ["login"] = login,
            ["id"] = AccountId(login),
            ["node_id"] = Node("U", AccountId(login)),
            ["avatar_url"] = Url($"avatars/{login}"),
            ["gravatar_id"] = "",
            ["url"] = Url($"users/{login}"),
            ["html_url"] = Url(login),
        };
        foreach (var link in s_userLinks)
        {
            var end = link.IndexOfAny(['{', ':']);
            var name = end < 0 ? link : link[..end];
            var path = link.Contains(':') ? link[(end + 1)..] : link;
            account[$"{name}_url"] = Url($"users/{login}/{path}");
        }
        account["type"] = type;
        account["site_admin"] = false;
        return account;
    }

    /// <summary>An account as events name the organization it is.</summary>
    public JsonObject Organization(string login)
    {
        JsonObject json = new()
        {
            ["login"] = login,
            ["id"] = AccountId(login),
            ["node_id"] = Node("O", AccountId(login)),
            ["url"] = Url($"orgs/{login}"),
            ["avatar_url"] = Url($"avatars/{login}"),
            ["description"] = "",
        };
        foreach (var link in new[] { "repos", "events", "hooks", "issues", "members{/member}", "public_members{/member}" })
        {
            json[$"{link.Split('{')[0]}_url"] = Url($"orgs/{login}/{link}");
        }
        return json;
    }

    public JsonObject App(SimulatedApp app, int installations) =>
        new()
        {
            ["id"] = app.Id,
            ["client_id"] = app.ClientId,
            ["slug"] = app.Slug,
            ["node_id"] = Node("A", app.Id),
            ["owner"] = Account("app-owner"),
            ["name"] = app.Slug,
            ["description"] = "",
            ["external_url"] = Url($"apps/{app.Slug}"),
            ["html_url"] = Url($"apps/{app.Slug}"),
            ["created_at"] = Text(app.CreatedAt),
            ["updated_at"] = Text(app.CreatedAt),
            ["permissions"] = Map(app.Permissions),
            ["events"] = new JsonArray([.. GitHubWebhooks.Events.Select(name => (JsonNode)name)]),
            ["installations_count"] = installations,
        };

    public JsonObject Installation(SimulatedInstallation installation) =>
        new()
        {
            ["id"] = installation.Id,
            ["client_id"] = installation.App.ClientId,
            ["account"] = Account(installation.Account),
            ["repository_selection"] = installation.IsForAll ? "all" : "selected",
            ["access_tokens_url"] = Url($"app/installations/{installation.Id}/access_tokens"),
            ["repositories_url"] = Url("installation/repositories"),
            ["html_url"] = Url($"organizations/{installation.Account}/settings/installations/{installation.Id}"),
            ["app_id"] = installation.App.Id,
            ["app_slug"] = installation.App.Slug,
            ["target_id"] = AccountId(installation.Account),
            ["target_type"] = "Organization",
            ["permissions"] = Map(installation.Permissions),
            ["events"] = new JsonArray([.. GitHubWebhooks.Events.Select(name => (JsonNode)name)]),
            ["created_at"] = Text(installation.CreatedAt),
            ["updated_at"] = Text(installation.CreatedAt),
            ["single_file_name"] = null,
            ["has_multiple_single_files"] = false,
            ["single_file_paths"] = new JsonArray(),
            ["suspended_by"] = installation.SuspendedAt is null ? null : Account("app-owner", "User"),
            ["suspended_at"] = installation.SuspendedAt is { } moment ? Text(moment) : null,
        };
}
