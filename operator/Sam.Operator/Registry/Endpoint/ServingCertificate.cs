using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>The endpoint's certificate from files; read again when they change, so that a renewed one is served without a restart.</summary>
internal sealed class ServingCertificate(RegistryOptions options, TimeProvider timeProvider, ILogger<ServingCertificate> logger)
{
    private static readonly TimeSpan s_recheck = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private X509Certificate2? _certificate;
    private DateTime _writtenAt;
    private DateTimeOffset _lookedAt;

    /// <summary>Whether there are files.</summary>
    public bool IsConfigured => options.Endpoint.CertificateFile is not null;

    /// <summary>The certificate to show now.</summary>
    public X509Certificate2? Current()
    {
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            if (_certificate is not null && now - _lookedAt < s_recheck)
                return _certificate;
            _lookedAt = now;
            Look();
            return _certificate;
        }
    }

    private void Look()
    {
        var (file, keyFile) = (options.Endpoint.CertificateFile!, options.Endpoint.KeyFile!);
        try
        {
            var writtenAt = File.GetLastWriteTimeUtc(file);
            if (_certificate is not null && writtenAt == _writtenAt)
                return;
            using var pem = X509Certificate2.CreateFromPemFile(file, keyFile);
            _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            _writtenAt = writtenAt;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            RegistryLog.CertificateNotRead(logger, fault.Message);
        }
    }
}
