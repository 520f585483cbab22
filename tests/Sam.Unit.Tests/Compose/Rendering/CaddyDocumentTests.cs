using System.Text.Json.Nodes;
using Sam.Compose.Rendering;

namespace Sam.Unit.Tests.Compose.Rendering;

public sealed class CaddyDocumentTests
{
    private static readonly CaddyNode Node = new()
    {
        Routes =
        [
            new CaddyRoute("shop.example.com", "/", "0a1b2c3d-web", 3000, "a/shop"),
            new CaddyRoute("shop.example.com", "/api", "0a1b2c3d-api", 80, "a/shop"),
            new CaddyRoute("blog.example.com", "/", "ffffffff-web", 8080, "a/blog"),
        ],
    };

    [Fact]
    public void Puts_longer_paths_first_and_404_last()
    {
        var routes = Routes(Node);

        Assert.Equal(
            ["blog.example.com ", "shop.example.com /api", "shop.example.com ", " "],
            routes.Select(route => $"{route!["match"]?[0]!["host"]![0]} {route["match"]?[0]!["path"]?[0]}")
        );
        Assert.Equal(404, (int)routes[^1]!["handle"]![0]!["status_code"]!);
    }

    [Fact]
    public void Resolves_the_alias_anew_instead_of_naming_an_upstream()
    {
        var proxy = Routes(Node)[2]!["handle"]![1]!;

        Assert.Equal(
            """{"name":"0a1b2c3d-web","port":"3000","refresh":"1s","source":"a"}""",
            proxy["dynamic_upstreams"]!.ToJsonString()
        );
        Assert.Equal("""{"try_duration":"5s","try_interval":"250ms"}""", proxy["load_balancing"]!.ToJsonString());
    }

    [Fact]
    public void Gives_the_same_bytes_whatever_the_order_of_routes()
    {
        Assert.Equal(CaddyDocument.Render(Node), CaddyDocument.Render(Node with { Routes = [.. Node.Routes.Reverse()] }));
    }

    [Theory]
    [InlineData("", 80, "a.example.com")]
    [InlineData("x", 0, "a.example.com")]
    [InlineData("x", 80, "")]
    [InlineData("x", 80, "{http.request.host}")]
    public void Leaves_out_a_route_without_an_upstream_or_host(string upstream, int port, string host)
    {
        Assert.Single(Routes(new CaddyNode { Routes = [new CaddyRoute(host, "/", upstream, port, "a/b")] }));
    }

    [Fact]
    public void Names_every_host_and_the_issuer_in_the_certificate_policy()
    {
        var node = Node with { Tls = CaddyTls.Acme, Email = "ops@example.com", CaServer = "https://acme.example.com/dir" };

        var policy = JsonNode.Parse(CaddyDocument.Render(node))!["apps"]!["tls"]!["automation"]!["policies"]![0]!;

        Assert.Equal("""["blog.example.com","shop.example.com"]""", policy["subjects"]!.ToJsonString());
        Assert.Equal(
            """[{"ca":"https://acme.example.com/dir","email":"ops@example.com","module":"acme"}]""",
            policy["issuers"]!.ToJsonString()
        );
    }

    [Fact]
    public void Hashes_the_meaning_and_not_the_layout()
    {
        var document = CaddyDocument.Render(Node);
        var indented = JsonNode.Parse(document)!.ToJsonString(new() { WriteIndented = true });

        Assert.Equal(CaddyDocument.Hash(document), CaddyDocument.Hash(indented));
        Assert.NotEqual(CaddyDocument.Hash(document), CaddyDocument.Hash(CaddyDocument.Render(new CaddyNode())));
    }

    private static JsonArray Routes(CaddyNode node) =>
        JsonNode.Parse(CaddyDocument.Render(node))!["apps"]!["http"]!["servers"]!["https"]!["routes"]!.AsArray();
}
