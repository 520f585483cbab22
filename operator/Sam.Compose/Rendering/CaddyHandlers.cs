using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Sam.Compose.Model;

namespace Sam.Compose.Rendering;

/// <summary>What Caddy does with a request of one route, in order (caddyserver.com, "JSON config structure": http.handlers).</summary>
internal static class CaddyHandlers
{
    // How long a request waits for an upstream while an alias moves; connections that were refused are always retried.
    private const string TryDuration = "5s";
    private const string TryInterval = "250ms";
    private const string Refresh = "1s";

    // A cached address of a container that just left must not eat the whole try duration.
    private const string DialTimeout = "1s";
    private const string PrefixHeader = "X-Forwarded-Prefix";

    public static JsonNode[] Of(CaddyRoute route)
    {
        // Closed at its own place: falling through to a shorter path would open what was to be guarded.
        if (route.Accounts is { IsEmpty: true })
            return [Closed()];
        var handlers = new List<JsonNode>();
        if (route.Accounts is { } accounts)
            handlers.Add(Login(accounts));
        if (ResponseHeaders(route) is { } headers)
            handlers.Add(headers);
        if (route.Redirect is { } redirect)
            return [.. handlers, Redirect(redirect)];
        handlers.Add(Encode());
        if (route.StripPrefix)
            handlers.Add(new JsonObject { ["handler"] = "rewrite", ["strip_path_prefix"] = route.Path });
        return [.. handlers, Proxy(route)];
    }

    /// <summary>A text that Caddy takes as it is: a brace would begin a placeholder, such as one that reads Caddy's environment.</summary>
    public static string Literal(string text) =>
        text.Contains('{')
            ? text.Replace("{", "\\{", StringComparison.Ordinal).Replace("}", "\\}", StringComparison.Ordinal)
            : text;

    public static JsonNode Node(string json) => JsonNode.Parse(json)!;

    // A stream of events is not to be held back by a compressor (WHATWG HTML, "Server-sent events"); who asks for one says so.
    private static JsonNode Encode() =>
        Node(
            """
            {"handler":"subroute","routes":[{
              "match":[{"not":[{"header":{"Accept":["*text/event-stream*"]}}]}],
              "handle":[{"handler":"encode","encodings":{"gzip":{},"zstd":{}},"prefer":["zstd","gzip"]}]}]}
            """
        );

    private static JsonObject Proxy(CaddyRoute route)
    {
        var proxy = new JsonObject
        {
            ["handler"] = "reverse_proxy",
            ["dynamic_upstreams"] = new JsonObject
            {
                ["source"] = "a",
                ["name"] = route.Upstream,
                ["port"] = route.Port.ToString(),
                ["refresh"] = Refresh,
            },
            ["load_balancing"] = new JsonObject { ["try_duration"] = TryDuration, ["try_interval"] = TryInterval },
            ["transport"] = new JsonObject { ["protocol"] = "http", ["dial_timeout"] = DialTimeout },
        };
        if (RequestHeaders(route) is { } headers)
            proxy["headers"] = headers;
        return proxy;
    }

    private static JsonObject Redirect(RouteRedirect redirect) =>
        new()
        {
            ["handler"] = "static_response",
            ["status_code"] = redirect.StatusCode,
            ["headers"] = new JsonObject
            {
                ["Location"] = new JsonArray(
                    $"https://{redirect.Host ?? "{http.request.host}"}{redirect.Path ?? "{http.request.uri}"}"
                ),
            },
        };

    private static JsonObject Login(ImmutableArray<CaddyAccount> accounts) =>
        new()
        {
            ["handler"] = "authentication",
            ["providers"] = new JsonObject
            {
                ["http_basic"] = new JsonObject
                {
                    ["accounts"] = new JsonArray([
                        .. accounts.Select(account => new JsonObject
                        {
                            ["username"] = account.Username,
                            ["password"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(account.Hash)),
                        }),
                    ]),
                    ["hash"] = new JsonObject { ["algorithm"] = "bcrypt" },
                    // bcrypt is slow on purpose: a page with a hundred files must not pay for it a hundred times.
                    ["hash_cache"] = new JsonObject(),
                },
            },
        };

    // On what goes to the service, behind what the proxy writes itself: X-Forwarded-Host stays the host that was asked for.
    private static JsonObject? RequestHeaders(CaddyRoute route)
    {
        var changes = Changes(route.RequestHeaders);
        if (route.StripPrefix)
        {
            // As other proxies do it; it wins over what the client sent, and over another spelling.
            var set = Under(changes, "set");
            foreach (var name in set.Select(header => header.Key).Where(IsPrefix).ToList())
                set.Remove(name);
            set[PrefixHeader] = new JsonArray(route.Path);
        }

        return changes.Count == 0 ? null : new JsonObject { ["request"] = changes };
    }

    private static bool IsPrefix(string name) => name.Equals(PrefixHeader, StringComparison.OrdinalIgnoreCase);

    private static JsonObject? ResponseHeaders(CaddyRoute route)
    {
        var changes = Changes(route.ResponseHeaders);
        if (changes.Count == 0)
            return null;
        // Not before the upstream answered: what it says is what is changed.
        changes["deferred"] = true;
        return new JsonObject { ["handler"] = "headers", ["response"] = changes };
    }

    private static JsonObject Changes(HeaderChanges? changes)
    {
        var rendered = new JsonObject();
        foreach (var header in changes?.Add ?? [])
            Under(rendered, "add")[header.Name] = new JsonArray(Literal(header.Value));
        foreach (var header in changes?.Set ?? [])
            Under(rendered, "set")[header.Name] = new JsonArray(Literal(header.Value));
        if (changes is { Remove.IsEmpty: false })
            rendered["delete"] = new JsonArray([.. changes.Remove.Select(name => (JsonNode)name)]);
        return rendered;
    }

    private static JsonObject Under(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;
        child = [];
        parent[name] = child;
        return child;
    }

    private static JsonNode Closed() =>
        Node(
            """{"handler":"static_response","status_code":503,"headers":{"Content-Type":["text/plain; charset=utf-8"]},"body":"The login of this place is not set up.\n"}"""
        );
}
