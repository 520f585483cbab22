using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Compose.Rules;

namespace Sam.Compose.Rendering;

/// <summary>
/// The one JSON document of a node's Caddy (2.6.2 and later 2.x). A release changes none of it: Caddy resolves the alias anew
/// every second, and the alias moves from container to container.
/// </summary>
public static class CaddyDocument
{
    /// <summary>Same node, same bytes. A route that leads nowhere is left out: its place answers 404.</summary>
    public static string Render(CaddyNode node)
    {
        ImmutableArray<CaddyRoute> routes =
        [
            .. node
                .Routes.Where(route => route.IsUsable && HostNames.Fault(route.Host) is null)
                .Select(route => route with { Path = RouteRules.Normal(route.Path) })
                .OrderBy(route => route.Host, StringComparer.Ordinal)
                .ThenByDescending(route => route.Path.Length)
                .ThenBy(route => route.Path, StringComparer.Ordinal)
                .ThenBy(route => route.Owner, StringComparer.Ordinal)
                .DistinctBy(route => RouteRules.PlaceOf(route.Host, route.Path)),
        ];
        ImmutableArray<string> hosts = [.. routes.Select(route => route.Host).Distinct()];
        return CanonicalText.Of(
            new JsonObject
            {
                ["admin"] = Admin(node),
                ["apps"] = new JsonObject
                {
                    ["http"] = new JsonObject
                    {
                        ["grace_period"] = "10s",
                        ["servers"] = new JsonObject { ["http"] = Plain(hosts), ["https"] = Secure(routes) },
                    },
                    ["pki"] = CaddyHandlers.Node("""{"certificate_authorities":{"local":{"install_trust":false}}}"""),
                    ["tls"] = Certificates(node, hosts),
                },
            }
        );
    }

    /// <summary>SHA-256 of the document's meaning: order of keys and white space do not count. Throws JsonException on what is no JSON.</summary>
    public static string Hash(string document) =>
        CanonicalText.Hash(CanonicalText.Of(JsonNode.Parse(document) ?? throw new JsonException("null is no document")));

    // Over a socket Caddy checks the Host header against this list: `caddy reload` sends none (seen with 2.6.2: 403 without ""),
    // our client sends "caddy".
    private static JsonObject Admin(CaddyNode node) =>
        new() { ["listen"] = $"unix/{node.AdminSocket}", ["origins"] = Strings(["", "caddy"]) };

    // Written out instead of Caddy's own redirects: those would leave unknown hosts on port 80 without an answer of ours.
    private static JsonObject Plain(ImmutableArray<string> hosts)
    {
        var routes = new JsonArray();
        if (!hosts.IsEmpty)
        {
            routes.Add(
                Route(
                    new JsonObject { ["host"] = Strings(hosts) },
                    CaddyHandlers.Node(
                        """{"handler":"static_response","status_code":308,"headers":{"Location":["https://{http.request.host}{http.request.uri}"]}}"""
                    )
                )
            );
        }
        routes.Add(NotFound());
        return new JsonObject
        {
            ["automatic_https"] = new JsonObject { ["disable"] = true },
            ["listen"] = Strings([":80"]),
            ["routes"] = routes,
        };
    }

    private static JsonObject Secure(ImmutableArray<CaddyRoute> routes) =>
        new()
        {
            ["automatic_https"] = new JsonObject { ["disable_redirects"] = true },
            ["listen"] = Strings([":443"]),
            ["routes"] = new JsonArray([.. routes.Select(Place), NotFound()]),
            // Explicit, so that port 443 speaks TLS before the first app is there.
            ["tls_connection_policies"] = new JsonArray(new JsonObject()),
        };

    private static JsonNode Place(CaddyRoute route)
    {
        var match = new JsonObject { ["host"] = Strings([route.Host]) };
        if (route.Path != "/")
            match["path"] = Strings([route.Path, $"{route.Path}/*"]);
        return Route(match, CaddyHandlers.Of(route));
    }

    private static JsonObject Route(JsonObject match, params JsonNode[] handlers) =>
        new()
        {
            ["match"] = new JsonArray(match),
            ["handle"] = new JsonArray(handlers),
            ["terminal"] = true,
        };

    private static JsonNode NotFound() =>
        CaddyHandlers.Node(
            """{"handle":[{"handler":"static_response","status_code":404,"headers":{"Content-Type":["text/plain; charset=utf-8"]},"body":"No app is served here.\n"}]}"""
        );

    private static JsonObject Certificates(CaddyNode node, ImmutableArray<string> hosts)
    {
        if (hosts.IsEmpty)
            return [];
        var issuer = new JsonObject { ["module"] = node.Tls == CaddyTls.Acme ? "acme" : "internal" };
        if (node is { Tls: CaddyTls.Acme, Email.Length: > 0 })
            issuer["email"] = node.Email;
        if (node is { Tls: CaddyTls.Acme, CaServer.Length: > 0 })
            issuer["ca"] = node.CaServer;
        var policy = new JsonObject { ["subjects"] = Strings(hosts), ["issuers"] = new JsonArray(issuer) };
        return new JsonObject { ["automation"] = new JsonObject { ["policies"] = new JsonArray(policy) } };
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
