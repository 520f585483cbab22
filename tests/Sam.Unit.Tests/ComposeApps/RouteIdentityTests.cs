using System.Text.Json;
using Sam.Compose.Model;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps;

namespace Sam.Unit.Tests.ComposeApps;

/// <summary>An upgrade of SAM makes no release and reloads no Caddy: the identity of a plain route is what it was before routes could do more.</summary>
public sealed class RouteIdentityTests
{
    private static readonly RouteStatus s_plain = new()
    {
        Name = "web",
        Host = "shop.test",
        Path = "/",
        Url = "https://shop.test/",
        Upstream = "0a1b2c3d-web",
        Port = 80,
    };

    [Fact]
    public void A_plain_route_is_hashed_as_ever()
    {
        // printf 'web shop.test/ 0a1b2c3d-web:80' | sha256sum
        Assert.Equal("8bc40741a2a6c2fc", AppRoutes.HashOf([s_plain]));
        Assert.Equal(
            """{"Name":"web","Service":"web","Port":null,"Host":"shop.test","Path":"/"}""",
            JsonSerializer.Serialize(
                new AppRoute
                {
                    Name = "web",
                    Service = "web",
                    Host = "shop.test",
                }
            )
        );
    }

    public static TheoryData<string, RouteStatus> Changed() =>
        new()
        {
            { "strip", s_plain with { StripPrefix = true } },
            { "redirect", s_plain with { Redirect = new RedirectSpec { Path = "/new" } } },
            {
                "status",
                s_plain with
                {
                    Redirect = new RedirectSpec { Path = "/new", StatusCode = 301 },
                }
            },
            { "request", s_plain with { RequestHeaders = new HeadersSpec { Remove = ["Cookie"] } } },
            { "response", s_plain with { ResponseHeaders = new HeadersSpec { Remove = ["Cookie"] } } },
            { "login", s_plain with { BasicAuth = Login("a") } },
            { "other login", s_plain with { BasicAuth = Login("b") } },
            { "other state", s_plain with { BasicAuth = Login("a"), LoginRevision = "1" } },
        };

    [Fact]
    public void Whatever_Caddy_is_told_of_a_route_is_in_its_identity()
    {
        var all = Changed().Select(row => row.Data.Item2).Append(s_plain).Select(route => AppRoutes.HashOf([route])).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void What_only_readers_are_told_is_not_in_its_identity() =>
        Assert.Equal(
            AppRoutes.HashOf([s_plain]),
            AppRoutes.HashOf([s_plain with { Ready = true, Certificate = CertificateState.Valid }])
        );

    private static BasicAuthSpec Login(string secret) => new() { SecretRef = new LocalReference { Name = secret } };
}
