using System.Text;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rendering;

namespace Sam.Unit.Tests.Compose.Rendering;

/// <summary>What stands in Caddy's document for what a route can do; the real Caddy runs the same in the end-to-end tests.</summary>
public sealed class CaddyHandlersTests
{
    private static readonly CaddyRoute s_route = new("shop.test", "/api/", "0a1b2c3d-web", 80, "a/shop");

    [Fact]
    public void A_plain_route_compresses_and_leads_to_its_service() =>
        Assert.Equal(["subroute", "reverse_proxy"], Handlers(s_route).Select(Kind));

    [Fact]
    public void The_login_comes_first_and_the_service_last()
    {
        var handlers = Handlers(
            s_route with
            {
                StripPrefix = true,
                ResponseHeaders = new HeaderChanges { Remove = ["Server"] },
                Accounts = [new CaddyAccount("ann", "$2a$10$hash")],
            }
        );

        Assert.Equal(["authentication", "headers", "subroute", "rewrite", "reverse_proxy"], handlers.Select(Kind));
        Assert.Equal("/api", (string?)handlers[3]!["strip_path_prefix"]);
        Assert.Equal("""{"set":{"X-Forwarded-Prefix":["/api"]}}""", handlers[4]!["headers"]!["request"]!.ToJsonString());
        Assert.Equal("""{"deferred":true,"delete":["Server"]}""", handlers[1]!["response"]!.ToJsonString());
        var account = handlers[0]!["providers"]!["http_basic"]!["accounts"]![0]!;
        Assert.Equal("$2a$10$hash", Encoding.ASCII.GetString(Convert.FromBase64String((string)account["password"]!)));
    }

    [Fact]
    public void A_route_whose_login_is_not_there_is_closed_and_leads_nowhere()
    {
        var handler = Assert.Single(Handlers(s_route with { Accounts = [], StripPrefix = true }));

        Assert.Equal(("static_response", 503), (Kind(handler), (int)handler!["status_code"]!));
    }

    [Theory]
    [InlineData(null, null, "https://{http.request.host}{http.request.uri}")]
    [InlineData("www.shop.test", null, "https://www.shop.test{http.request.uri}")]
    [InlineData(null, "/new", "https://{http.request.host}/new")]
    public void A_redirect_keeps_what_it_does_not_name(string? host, string? path, string location)
    {
        var route = s_route with { Upstream = "", Port = 0, Redirect = new RouteRedirect(host, path, 302) };

        var handler = Assert.Single(Handlers(route));

        Assert.Equal((302, location), ((int)handler!["status_code"]!, (string)handler["headers"]!["Location"]![0]!));
    }

    [Theory]
    [InlineData("max-age=60", "max-age=60")]
    [InlineData("{env.HOME}", "\\{env.HOME\\}")]
    [InlineData("""{"a":{}}""", """\{"a":\{\}\}""")]
    [InlineData("a}b", "a}b")]
    public void A_value_of_a_header_is_never_a_placeholder(string value, string written)
    {
        var headers = Handlers(s_route with { ResponseHeaders = new HeaderChanges { Set = [new HeaderValue("X-A", value)] } })[
            0
        ]!;

        Assert.Equal(written, (string?)headers["response"]!["set"]!["X-A"]![0]);
    }

    private static string Kind(JsonNode? handler) => (string)handler!["handler"]!;

    private static JsonArray Handlers(CaddyRoute route)
    {
        var document = JsonNode.Parse(CaddyDocument.Render(new CaddyNode { Routes = [route] }))!;
        return document["apps"]!["http"]!["servers"]!["https"]!["routes"]![0]!["handle"]!.AsArray();
    }
}
