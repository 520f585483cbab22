using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

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
    /// <param name="url">What is asked for; redirects are followed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="login">NAME:PASSWORD (RFC 7617); null: none.</param>
    public async Task<(int Status, string Body)> GetAsync(string url, CancellationToken cancellationToken, string? login = null)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
            if (login is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(login))
                );
            using var response = await _http.SendAsync(request, cancellationToken);
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
