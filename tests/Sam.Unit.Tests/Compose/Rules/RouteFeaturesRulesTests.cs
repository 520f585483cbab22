using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Unit.Tests.Compose.Rules;

/// <summary>Redirects, headers and prefixes of routes: what is refused, where, and what is let through.</summary>
public sealed class RouteFeaturesRulesTests
{
    private static readonly ComposeModel s_model = new()
    {
        Services = Ordinal.Sort([
            KeyValuePair.Create(
                "web",
                new ComposeService
                {
                    Name = "web",
                    Image = "a",
                    Expose = [new PortHint(80)],
                }
            ),
        ]),
    };

    private static readonly AppRoute s_served = new()
    {
        Name = "web",
        Service = "web",
        Host = "www.shop.test",
    };

    [Theory]
    [InlineData("www.shop.test", null, 308)]
    [InlineData(null, "/", 302)]
    [InlineData("other.test", "/shop", 301)]
    public void A_redirect_to_another_place_needs_no_service(string? host, string? path, int code) =>
        Assert.Empty(Check(Away(host, path, code) with { Path = "/old" }));

    [Theory]
    [InlineData(null, null, 308, "redirect")]
    [InlineData("www.shop.test", "/old/page", 308, "redirect")]
    [InlineData("www.shop.test", "/OLD", 308, "redirect")]
    [InlineData("no host", "/", 308, "redirect.host")]
    [InlineData("other.test", "page", 308, "redirect.path")]
    [InlineData("other.test", "/{env.HOME}", 308, "redirect.path")]
    [InlineData("other.test", "/", 304, "redirect.statusCode")]
    [InlineData("other.test", "/", 200, "redirect.statusCode")]
    public void A_redirect_that_goes_round_or_nowhere_is_refused(string? host, string? path, int code, string field) =>
        Assert.Equal(
            [$"routes[away].{field}"],
            Check(Away(host, path, code) with { Host = "www.shop.test", Path = "/old" }).Select(problem => problem.Path)
        );

    [Fact]
    public void A_redirect_below_itself_that_another_route_takes_does_not_go_round() =>
        Assert.Empty(Check(Away(null, "/new", 302) with { Host = "www.shop.test", Path = "/" }, s_served with { Path = "/new" }));

    [Fact]
    public void Two_redirects_that_lead_to_each_other_are_refused() =>
        Assert.Equal(
            ["routes[there].redirect", "routes[back].redirect"],
            Check(
                    Away("b.test", null, 308) with
                    {
                        Name = "there",
                        Host = "a.test",
                    },
                    Away("a.test", null, 308) with
                    {
                        Name = "back",
                        Host = "b.test",
                    }
                )
                .Select(problem => problem.Path)
        );

    [Theory]
    [InlineData("/a%20b")]
    [InlineData("/[a]dmin")]
    [InlineData("/a\\b")]
    [InlineData("//admin")]
    [InlineData("/a/../admin")]
    [InlineData("/./admin")]
    [InlineData("/a;b")]
    public void A_path_that_Caddy_reads_otherwise_is_refused(string path) =>
        Assert.Equal(["routes[web].path"], Check(s_served with { Path = path }).Select(problem => problem.Path));

    [Fact]
    public void Two_spellings_of_one_path_are_one_place() =>
        Assert.Equal(
            ["routes[open].host"],
            Check(s_served with { Path = "/admin", BasicAuthSecret = "logins" }, s_served with { Name = "open", Path = "/Admin" })
                .Select(problem => problem.Path)
        );

    [Fact]
    public void The_older_app_keeps_a_place_however_the_later_one_spells_it()
    {
        var ownership = RouteConflicts.Resolve([Claim("young", 2, "/Admin"), Claim("old", 1, "/admin")]);

        Assert.Equal(["young"], ownership.Conflicts.Select(conflict => conflict.Uid));

        static RouteClaimant Claim(string uid, int day, string path) =>
            new(uid, "demo", uid, new DateTimeOffset(2026, 5, day, 0, 0, 0, TimeSpan.Zero), [new RoutePlace("shop.test", path)]);
    }

    [Fact]
    public void A_redirect_takes_nothing_that_needs_a_service() =>
        Assert.Equal(
            ["routes[away].port", "routes[away].stripPrefix", "routes[away].requestHeaders"],
            Check(
                    Away("other.test", "/", 308) with
                    {
                        Port = 80,
                        Path = "/old",
                        StripPrefix = true,
                        RequestHeaders = new HeaderChanges { Remove = ["Cookie"] },
                    }
                )
                .Select(problem => problem.Path)
        );

    [Theory]
    [InlineData("/", 1)]
    [InlineData("/api", 0)]
    public void A_prefix_is_taken_off_only_where_there_is_one(string path, int problems) =>
        Assert.Equal(
            problems,
            Check(s_served with { Path = path, StripPrefix = true }).Count(problem => problem.Path == "routes[web].stripPrefix")
        );

    [Theory]
    [InlineData("set", "X-Frame-Options", "DENY", null)]
    [InlineData("set", "Report-To", """{"group":"a"}""", null)]
    [InlineData("set", "Host", "inner.test", null)]
    [InlineData("add", "Host", "inner.test", "A request has exactly one Host; set it")]
    [InlineData("set", "Connection", "x", "Connection belongs to the connection, which ends at the proxy; leave it out")]
    [InlineData(
        "remove",
        "content-length",
        "",
        "content-length belongs to the connection, which ends at the proxy; leave it out"
    )]
    [InlineData("set", "X-Forwarded-For", "1.2.3.4", "X-Forwarded-For is written by the proxy itself; leave it out")]
    [InlineData("remove", "X-*", "", "Use letters, digits, hyphens and underscores in the name of a header")]
    [InlineData("set", "", "x", "Use letters, digits, hyphens and underscores in the name of a header")]
    [InlineData("set", "X-A", "one\r\nX-B: two", "A value is one line of ASCII text")]
    public void Headers_of_a_request_that_may_not_be_changed_are_refused(string list, string name, string value, string? refused)
    {
        var problems = Check(s_served with { RequestHeaders = Changes(list, name, value) });

        Assert.Equal(
            refused is null ? [] : [($"routes[web].requestHeaders.{list}[{name}]", refused)],
            problems.Select(problem => (problem.Path, problem.Message))
        );
    }

    [Fact]
    public void A_response_may_have_the_headers_that_only_a_request_may_not()
    {
        var changes = Changes("set", "X-Forwarded-For", "none");

        Assert.Empty(Check(s_served with { ResponseHeaders = changes }));
    }

    [Fact]
    public void A_header_is_named_in_one_list_only()
    {
        var changes = new HeaderChanges { Set = [new HeaderValue("X-A", "1")], Remove = ["x-a"] };

        var problem = Assert.Single(Check(s_served with { ResponseHeaders = changes }));

        Assert.Equal(("routes[web].responseHeaders.remove[x-a]", ProblemCode.Duplicate), (problem.Path, problem.Code));
    }

    private static HeaderChanges Changes(string list, string name, string value) =>
        list switch
        {
            "set" => new HeaderChanges { Set = [new HeaderValue(name, value)] },
            "add" => new HeaderChanges { Add = [new HeaderValue(name, value)] },
            _ => new HeaderChanges { Remove = [name] },
        };

    private static AppRoute Away(string? host, string? path, int code) =>
        new()
        {
            Name = "away",
            Service = "",
            Host = "shop.test",
            Redirect = new RouteRedirect(host, path, code),
        };

    private static ImmutableArray<ComposeProblem> Check(params AppRoute[] routes) => RouteRules.Check(s_model, [.. routes]);
}
