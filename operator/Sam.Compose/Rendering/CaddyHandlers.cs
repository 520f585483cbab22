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

    public static JsonNode[] Of(CaddyRoute route)
    {
        // Closed at its own place: falling through to a shorter path would open what was to be guarded.
        if (route.Accounts is { IsEmpty: true })
            return [Closed()];
        var handlers = new List<JsonNode>();
        if (route.Accounts is { } accounts)
            handlers.Add(Login(accounts));
        if (Headers(route) is { } headers)
            handlers.Add(headers);
        if (route.Redirect is { } redirect)
            return [.. handlers, Redirect(redirect)];
        handlers.Add(Node("""{"handler":"encode","encodings":{"gzip":{},"zstd":{}},"prefer":["zstd","gzip"]}"""));
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

    private static JsonObject Proxy(CaddyRoute route) =>
        new()
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

    private static JsonObject? Headers(CaddyRoute route)
    {
        var request = Changes(route.RequestHeaders);
        // As other proxies do it; it wins over what the client sent.
        if (route is { StripPrefix: true, Redirect: null })
            Under(request, "set")["X-Forwarded-Prefix"] = new JsonArray(route.Path);
        var response = Changes(route.ResponseHeaders);
        if (request.Count + response.Count == 0)
            return null;
        var handler = new JsonObject { ["handler"] = "headers" };
        if (request.Count > 0)
            handler["request"] = request;
        if (response.Count > 0)
        {
            // Not before the upstream answered: what it says is what is changed.
            response["deferred"] = true;
            handler["response"] = response;
        }

        return handler;
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
