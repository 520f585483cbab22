using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Tokens;
using Sam.Unit.Tests.Runtime;
using JsonWebToken = Sam.Operator.Registry.Tokens.JsonWebToken;

namespace Sam.Unit.Tests.Registry;

/// <summary>What is signed says exactly what was asked, is read by somebody else's library, and shows itself nowhere.</summary>
public sealed class RegistryTokensTests : IDisposable
{
    private readonly RegistryRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Another_library_verifies_it_and_reads_what_was_asked(int reference)
    {
        var options = new RegistryOptions
        {
            Trusted =
            [
                new TrustedRegistry
                {
                    Host = RegistryRoom.Host,
                    Service = "images",
                    Keys = (KeyReference)reference,
                },
            ],
        };
        using var room = new RegistryRoom(options);

        var token = await room.MintedAsync(RegistryRoom.Grant());
        var ring = await room.RingAsync();
        using var certificate = X509CertificateLoader.LoadCertificate(ring.Keys[0].Certificate);
        using var key = certificate.GetECDsaPublicKey()!;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token.Reveal(),
            new TokenValidationParameters
            {
                ValidIssuer = "sam-operator",
                ValidAudience = "images",
                IssuerSigningKey = new ECDsaSecurityKey(key),
                TryAllIssuerSigningKeys = true,
                ValidAlgorithms = ["ES256"],
                LifetimeValidator = (from, until, _, _) => from < room.Clock.GetUtcNow() && until > room.Clock.GetUtcNow(),
            }
        );

        Assert.True(result.IsValid, result.Exception?.ToString());
        var claims = JsonWebToken.Peek(token.Reveal())!;
        Assert.Equal("""[{"type":"repository","name":"team/app","actions":["pull"]}]""", claims["access"]!.ToJsonString());
        Assert.Equal("\"images\"", claims["aud"]!.ToJsonString());
        Assert.Equal(15 * 60, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());
    }

    [Fact]
    public async Task Each_way_to_name_the_key_is_the_one_that_the_registry_reads()
    {
        var ring = await _room.RingAsync();
        var key = ring.Keys[0];
        JsonObject Header(KeyReference reference) =>
            JsonNode.Parse(Base64UrlEncoder.DecodeBytes(JsonWebToken.Sign(key, "JWT", reference, []).Split('.')[0]))!.AsObject();

        Assert.Equal(
            [Convert.ToBase64String(key.Certificate)],
            Header(KeyReference.Certificate)["x5c"]!.AsArray().Select(c => $"{c}")
        );
        Assert.Matches("^([A-Z2-7]{4}:){11}[A-Z2-7]{4}$", Header(KeyReference.Fingerprint)["kid"]!.GetValue<string>());
        using var certificate = X509CertificateLoader.LoadCertificate(key.Certificate);
        using var ecdsa = certificate.GetECDsaPublicKey()!;
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ecdsa));
        Assert.Equal(
            Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint()),
            Header(KeyReference.Thumbprint)["kid"]!.GetValue<string>()
        );
        Assert.Equal(key.Thumbprint, JsonNode.Parse(ring.Jwks())!["keys"]![0]!["kid"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("other/app", "belongs to namespace other, not to team")]
    [InlineData("team", "no repository of a namespace")]
    [InlineData("team/../other/app", "no repository of a namespace")]
    [InlineData("team/App", "no repository of a namespace")]
    [InlineData("team/app\n", "no repository of a namespace")]
    [InlineData("", "no repository of a namespace")]
    public async Task A_repository_of_another_namespace_or_none_is_refused(string repository, string why)
    {
        var refused = Assert.IsType<RegistryMint.Refused>(
            await _room.Tokens.MintAsync(RegistryRoom.Grant(repository), CancellationToken.None)
        );

        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.test")]
    [InlineData("registry.test:5001")]
    [InlineData("REGISTRY.test:5000")]
    [InlineData("docker.io")]
    public async Task Only_the_exact_host_that_trusts_the_key_gets_a_token(string host)
    {
        var mint = await _room.Tokens.MintAsync(RegistryRoom.Grant() with { Host = host }, CancellationToken.None);

        Assert.IsType<RegistryMint.Refused>(mint);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(3600, 900)]
    public async Task A_token_is_never_longer_lived_than_asked_nor_than_the_longest(int asked, int seconds)
    {
        var token = await _room.MintedAsync(RegistryRoom.Grant(lifetime: TimeSpan.FromSeconds(asked)));

        Assert.Equal(seconds, (token.ExpiresAt - token.IssuedAt).TotalSeconds);
    }

    [Fact]
    public async Task Eleven_in_five_minutes_are_one_too_many_and_refused_ones_count()
    {
        for (var i = 0; i < 5; i++)
        {
            await _room.MintedAsync(RegistryRoom.Grant());
            Assert.IsType<RegistryMint.Refused>(await AskAsync("other/app"));
            _room.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var limited = Assert.IsType<RegistryMint.RateLimited>(await AskAsync("team/app"));
        Assert.Equal(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(50), limited.RetryAfter);
        await _room.MintedAsync(RegistryRoom.Grant(subject: "somebody else"));
        _room.Clock.Advance(limited.RetryAfter);
        await _room.MintedAsync(RegistryRoom.Grant());
    }

    [Fact]
    public async Task A_token_is_told_of_everywhere_and_shown_nowhere()
    {
        var token = await _room.MintedAsync(RegistryRoom.Grant());
        await AskAsync("other/app");

        Assert.Equal(
            [
                "team/shop RegistryTokenMinted composeapp:team/shop at registry.test:5000: pull on team/app until 2026-11-25 03:15:00Z",
                "team/shop RegistryTokenRefused composeapp:team/shop at registry.test:5000: other/app belongs to namespace other, not to team",
            ],
            _room.Events
        );
        Assert.Equal(1, _room.Metrics.ValueOf("sam_registry_mints_total", ("source", "composeapp"), ("outcome", "minted")));
        Assert.Equal(1, _room.Metrics.ValueOf("sam_registry_mints_total", ("source", "composeapp"), ("outcome", "refused")));
        var shown = string.Join(
            '\n',
            [.. _room.Logs.All, .. _room.Events, _room.Metrics.Scrape(), $"{token}", $"{await AskAsync("team/app")}"]
        );
        Assert.DoesNotContain(token.Reveal().Split('.')[2], shown, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed_and_with_one_it_goes_on()
    {
        var answers = _room.Cluster.Fault;
        _room.Cluster.Fault = _ => Sam.Testing.MemoryApi.MemoryCluster.Refuse(500, "InternalError");

        Assert.IsType<RegistryMint.Unavailable>(await AskAsync("team/app"));

        _room.Cluster.Fault = answers;
        await _room.MintedAsync(RegistryRoom.Grant());
    }

    [Fact]
    public async Task A_token_of_an_old_key_verifies_until_the_ring_lets_it_go()
    {
        await _room.Keeper.KeepAsync(CancellationToken.None);
        var ring = await _room.RingAsync();
        var login = JsonWebToken.Sign(ring.Keys[0], "mine", KeyReference.Thumbprint, new JsonObject { ["x"] = 1 });
        _room.Clock.Advance(TimeSpan.FromDays(30));
        await _room.Keeper.KeepAsync(CancellationToken.None);

        Assert.NotNull(JsonWebToken.Verify(login, "mine", await _room.RingAsync()));
        Assert.Null(JsonWebToken.Verify(login, "JWT", await _room.RingAsync()));
        Assert.Null(JsonWebToken.Verify(login[..^4] + "AAAA", "mine", await _room.RingAsync()));
        _room.Clock.Advance(TimeSpan.FromDays(2));
        await _room.Keeper.KeepAsync(CancellationToken.None);
        Assert.Null(JsonWebToken.Verify(login, "mine", await _room.RingAsync()));
    }

    private Task<RegistryMint> AskAsync(string repository) =>
        _room.Tokens.MintAsync(RegistryRoom.Grant(repository), CancellationToken.None);
}
