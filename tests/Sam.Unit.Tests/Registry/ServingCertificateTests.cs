using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Endpoint;

namespace Sam.Unit.Tests.Registry;

public sealed class ServingCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-cert-").FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly ServingCertificate _certificate;
    private DateTime _writtenAt = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public ServingCertificateTests()
    {
        var options = new RegistryOptions
        {
            Endpoint = new TokenEndpointOptions { CertificateFile = File("tls.crt"), KeyFile = File("tls.key") },
        };
        _certificate = new ServingCertificate(options, _clock, NullLogger<ServingCertificate>.Instance);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_renewed_certificate_is_served_without_a_restart_and_a_broken_one_is_not()
    {
        Write("CN=first");
        Assert.Equal("CN=first", _certificate.Current()!.Subject);

        Write("CN=second");
        Assert.Equal("CN=first", _certificate.Current()!.Subject);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("CN=second", _certificate.Current()!.Subject);

        System.IO.File.WriteAllText(File("tls.crt"), "no certificate");
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("CN=second", _certificate.Current()!.Subject);
        Assert.True(_certificate.Current()!.HasPrivateKey);
    }

    [Fact]
    public void Without_files_there_is_none_until_they_come()
    {
        Assert.Null(_certificate.Current());

        Write("CN=late");
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("CN=late", _certificate.Current()!.Subject);
    }

    private string File(string name) => Path.Combine(_folder, name);

    private void Write(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        System.IO.File.WriteAllText(File("tls.key"), key.ExportPkcs8PrivateKeyPem());
        System.IO.File.WriteAllText(File("tls.crt"), made.ExportCertificatePem());
        _writtenAt = _writtenAt.AddMinutes(1);
        System.IO.File.SetLastWriteTimeUtc(File("tls.crt"), _writtenAt);
    }
}
