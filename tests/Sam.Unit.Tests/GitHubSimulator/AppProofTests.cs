using System.Net;
using System.Security.Cryptography;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>An App proves itself with a JWT that is verified for real.</summary>
public sealed class AppProofTests
{
    [Fact]
    public async Task Accepts_the_app_id_and_the_client_id_as_issuer()
    {
        await using var bench = new GitHubBench();
        var now = bench.Time.GetUtcNow();

        var byId = await bench.SendAsync("GET", "app", bench.Jwt());
        var byClient = await bench.SendAsync("GET", "app", bench.App.SignJwt(now, issuer: bench.App.ClientId));

        Assert.Equal(bench.App.Id, byId.Json["id"]!.GetValue<long>());
        Assert.Equal("sam", byClient.Text("slug"));
    }

    [Theory]
    [InlineData(-60, 600, HttpStatusCode.OK)]
    [InlineData(-60, 660, HttpStatusCode.OK)]
    [InlineData(0, 661, HttpStatusCode.Unauthorized)]
    [InlineData(60, 600, HttpStatusCode.OK)]
    [InlineData(61, 600, HttpStatusCode.Unauthorized)]
    [InlineData(-700, 600, HttpStatusCode.Unauthorized)]
    [InlineData(-600, 600, HttpStatusCode.Unauthorized)]
    public async Task Judges_the_times_by_its_own_clock(int issuedAgo, int lifetime, HttpStatusCode expected)
    {
        await using var bench = new GitHubBench();
        var issued = bench.Time.GetUtcNow() + TimeSpan.FromSeconds(issuedAgo);

        var reply = await bench.SendAsync("GET", "app", bench.App.SignJwt(issued, TimeSpan.FromSeconds(lifetime)));

        Assert.Equal(expected, reply.Status);
    }

    [Fact]
    public async Task Refuses_what_is_forged_or_foreign()
    {
        await using var bench = new GitHubBench();
        var other = bench.Simulator.Apps.Add("other");
        var now = bench.Time.GetUtcNow();

        var foreignKey = await bench.SendAsync("GET", "app", other.SignJwt(now, issuer: $"{bench.App.Id}"));
        var unknownApp = await bench.SendAsync("GET", "app", bench.App.SignJwt(now, issuer: "77"));
        var garbage = await bench.SendAsync("GET", "app", "a.b.c");
        var changed = await bench.SendAsync("GET", "app", bench.Jwt() + "AA");
        var nobody = await bench.SendAsync("GET", "app");
        var token = await bench.SendAsync("GET", "app", await bench.TokenAsync(("contents", "read")));

        Assert.Equal(
            [401, 404, 401, 401, 401, 401],
            new[] { foreignKey, unknownApp, garbage, changed, nobody, token }.Select(reply => (int)reply.Status)
        );
        Assert.Equal("A JSON web token could not be decoded", foreignKey.Message);
        Assert.Equal("Integration not found", unknownApp.Message);
    }

    [Fact]
    public async Task Accepts_an_old_key_beside_the_new_one_until_it_is_forgotten()
    {
        await using var bench = new GitHubBench();
        var old = bench.Jwt();
        using var key = RSA.Create(2048);

        bench.App.AddKey(key.ExportPkcs8PrivateKeyPem());
        var both = (await bench.SendAsync("GET", "app", old), await bench.SendAsync("GET", "app", bench.Jwt()));
        bench.App.ForgetOldKeys();
        var after = (await bench.SendAsync("GET", "app", old), await bench.SendAsync("GET", "app", bench.Jwt()));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (both.Item1.Status, both.Item2.Status));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (after.Item1.Status, after.Item2.Status));
    }

    [Fact]
    public async Task Shows_an_app_its_own_installations_page_by_page()
    {
        await using var bench = new GitHubBench();
        var other = bench.Simulator.Apps.Add("other");
        bench.Simulator.InstallForAll(other, "acme");
        for (var i = 0; i < 4; i++)
        {
            bench.Simulator.InstallForAll(bench.App, $"account{i}");
        }

        var first = await bench.SendAsync("GET", "app/installations?per_page=2", bench.Jwt());
        var last = await bench.SendAsync("GET", "app/installations?per_page=2&page=3", bench.Jwt());
        var foreign = await bench.SendAsync(
            "GET",
            $"app/installations/{bench.Installation.Id}",
            other.SignJwt(bench.Time.GetUtcNow())
        );

        Assert.Equal(2, first.Json.AsArray().Count);
        Assert.Contains("page=2&per_page=2>; rel=\"next\"", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Contains("page=3&per_page=2>; rel=\"last\"", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Single(last.Json.AsArray());
        Assert.DoesNotContain("next", last.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
    }
}
