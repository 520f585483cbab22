using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Docker;

namespace Sam.Tests.Docker;

public sealed class LinkPartsTests
{
    [Fact]
    public void A_machines_key_is_the_same_each_time_and_its_own()
    {
        var secret = RandomNumberGenerator.GetBytes(32);

        var first = new EngineIdentity(secret).For("m-1");
        var again = new EngineIdentity(secret).For("m-1");
        var other = new EngineIdentity(secret).For("m-2");
        var elsewhere = new EngineIdentity(RandomNumberGenerator.GetBytes(32)).For("m-1");

        Assert.Equal((first.KeyPem, first.Pin), (again.KeyPem, again.Pin));
        Assert.Equal(3, new[] { first.Pin, other.Pin, elsewhere.Pin }.Distinct().Count());
    }

    [Fact]
    public void A_derived_key_never_changes()
    {
        // Machines that run carry this key: another derivation would lock the operator out of all of them.
        var pin = new EngineIdentity(new byte[32]).For("m-0000").Pin;

        Assert.Equal("sXaylvTTMm9FYOrw8NvDgEp+5IXD5qzec1dj5umoMJc=", pin);
    }

    [Fact]
    public void A_certificate_holds_its_key_and_names_its_machine()
    {
        var identity = new EngineIdentity(RandomNumberGenerator.GetBytes(32));

        var keys = identity.For("m-1");
        using var certificate = X509Certificate2.CreateFromPem(keys.CertificatePem, keys.KeyPem);

        Assert.Equal("CN=m-1", certificate.Subject);
        Assert.Equal(identity.PublicKeyOf("m-1"), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(keys.Pin, EngineIdentity.Pin(identity.PublicKeyOf("m-1")));
        Assert.DoesNotContain("PRIVATE", keys.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_chains_to_its_authority_and_a_rotation_shows_both()
    {
        var now = TimeProvider.System.GetUtcNow();
        var old = OperatorIdentity.Create("i", now);
        using var renewed = OperatorIdentity.Parse(OperatorIdentity.Renew(old, "i", now));
        using var rotated = OperatorIdentity.Parse(
            OperatorIdentity.Create("i", now) with
            {
                PreviousAuthorityCertificate = old.AuthorityCertificate,
            }
        );

        Assert.True(Chains(renewed.ClientCertificate, old.AuthorityCertificate));
        Assert.False(Chains(rotated.ClientCertificate, old.AuthorityCertificate));
        Assert.Equal(2, rotated.Authorities.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Contains(old.AuthorityCertificate, rotated.Authorities, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_stays_closed_for_a_doubling_time_and_opens_on_success()
    {
        var time = new FakeTimeProvider();
        var gate = new ConnectGate(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), time);
        var fault = new EngineException(EngineErrorKind.Unreachable, "down");
        var pauses = new List<int>();

        for (var attempt = 0; attempt < 4; attempt++)
        {
            gate.Failed(fault);
            gate.Failed(fault);
            var pause = 0;
            while (IsClosed(gate))
            {
                time.Advance(TimeSpan.FromSeconds(1));
                pause++;
            }

            pauses.Add(pause);
        }

        gate.Failed(fault);
        gate.Succeeded();

        Assert.Equal([1, 2, 3, 3], pauses);
        Assert.False(IsClosed(gate));
    }

    [Theory]
    [InlineData(
        404,
        "pull access denied for x, repository does not exist or may require 'docker login'",
        EngineErrorKind.ImageNotFound
    )]
    [InlineData(404, "manifest for x:1 not found: manifest unknown", EngineErrorKind.ImageNotFound)]
    [InlineData(500, "unauthorized: authentication required", EngineErrorKind.RegistryUnauthorized)]
    [InlineData(
        500,
        "Get \"https://r/v2/\": dial tcp 10.0.0.1:443: connect: connection refused",
        EngineErrorKind.RegistryUnreachable
    )]
    [InlineData(
        500,
        "Get \"https://r/v2/\": net/http: request canceled (Client.Timeout exceeded)",
        EngineErrorKind.RegistryUnreachable
    )]
    [InlineData(401, "", EngineErrorKind.RegistryUnauthorized)]
    [InlineData(200, "manifest unknown: manifest unknown", EngineErrorKind.ImageNotFound)]
    [InlineData(400, "invalid reference format", EngineErrorKind.Invalid)]
    [InlineData(500, "no space left on device", EngineErrorKind.Server)]
    public void A_registrys_refusal_is_typed(int status, string text, EngineErrorKind expected)
    {
        Assert.Equal(expected, RegistryFaults.KindOf((HttpStatusCode)status, text));
    }

    [Theory]
    [InlineData("web", "web", "latest")]
    [InlineData("host:5000/web", "host:5000/web", "latest")]
    [InlineData("host:5000/web:2", "host:5000/web", "2")]
    [InlineData("web@sha256:ab", "web", "sha256:ab")]
    [InlineData("host:5000/web:2@sha256:ab", "host:5000/web", "sha256:ab")]
    public void A_reference_is_taken_apart(string reference, string name, string tag)
    {
        Assert.Equal((name, tag), ImageReference.Split(reference));
    }

    [Fact]
    public void A_tail_keeps_whole_lines_within_its_bound()
    {
        var tail = new TailBuffer(10);
        tail.Write("first\nsecond\nthird\n"u8);

        Assert.Equal("third\n"u8.ToArray(), tail.ToArray());
    }

    [Fact]
    public void An_inverted_configuration_tells_all_that_is_wrong()
    {
        var options = new MachineLinkOptions { ConnectTimeout = TimeSpan.FromMinutes(1), BackOffStart = TimeSpan.Zero };

        Assert.Equal(2, options.Validate().Count);
        Assert.Empty(new MachineLinkOptions().Validate());
    }

    private static bool IsClosed(ConnectGate gate)
    {
        try
        {
            gate.ThrowIfClosed();
            return false;
        }
        catch (EngineException)
        {
            return true;
        }
    }

    private static bool Chains(X509Certificate2 certificate, string authorityPem)
    {
        using var authority = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
