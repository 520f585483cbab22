using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sam.Playground;

/// <summary>Asks one site over HTTPS at its node's address, and verifies it with the node's own root certificate, as a browser would.</summary>
internal sealed class SiteClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of one node.</summary>
    /// <param name="address">Address of the node.</param>
    /// <param name="rootPem">Root certificate of the node.</param>
    /// <param name="keepsAlive">False: every request on a connection of its own.</param>
    public SiteClient(IPAddress address, string rootPem, bool keepsAlive = true)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = keepsAlive ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509Certificate2.CreateFromPem(rootPem) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Status and body; status 0 and the fault's text if no answer came.</summary>
    public async Task<(int Status, string Body)> GetAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(url), cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception e)
            when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (0, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}
