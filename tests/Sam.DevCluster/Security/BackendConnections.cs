using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sam.DevCluster.Security;

/// <summary>Where a backend answers and how it is trusted.</summary>
/// <param name="Address">The host and port to connect to; null takes those of the URL.</param>
/// <param name="Authorities">PEM certificates to trust instead of the machine's own; null for the machine's own.</param>
/// <param name="IsInsecure">Whether any certificate will do.</param>
internal sealed record Backend(string? Address, string? Authorities, bool IsInsecure);

/// <summary>HTTPS clients for webhooks and extension servers, kept for as long as the cluster runs.</summary>
/// <param name="certificate">Shown to every backend.</param>
/// <param name="filter">Wraps each connection, which then serves one request only.</param>
internal sealed class BackendConnections(X509Certificate2? certificate, Func<Stream, Stream>? filter = null) : IDisposable
{
    private readonly ConcurrentDictionary<Backend, HttpMessageInvoker> _clients = new();

    public HttpMessageInvoker For(Backend backend) => _clients.GetOrAdd(backend, Create);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    /// <summary>A connection fault in Go's words, as the API server reports it.</summary>
    public static string Describe(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connect: connection refused";
                case System.Security.Authentication.AuthenticationException:
                    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
                case OperationCanceledException:
                    return "context deadline exceeded";
            }
        }
        return fault.Message;
    }

    private HttpMessageInvoker Create(Backend backend)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        };
        if (filter is not null)
        {
            handler.PooledConnectionLifetime = TimeSpan.Zero;
            handler.PlaintextStreamFilter = (connection, _) => ValueTask.FromResult(filter(connection.PlaintextStream));
        }
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        if (backend.IsInsecure)
#pragma warning disable CA5359 // insecureSkipTLSVerify asks for just this
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (backend.Authorities is { } pem)
            handler.SslOptions.CertificateChainPolicy = Trusting(pem);
        if (backend.Address is { } address)
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(address, cancellationToken);
        return new HttpMessageInvoker(handler);
    }

    private static X509ChainPolicy Trusting(string pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy;
    }

    // The URL keeps the service's name, which is what the certificate is for.
    private static async ValueTask<Stream> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var at = address.LastIndexOf(':');
            await socket.ConnectAsync(address[..at].Trim('[', ']'), int.Parse(address[(at + 1)..]), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
}
