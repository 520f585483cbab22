using System.Net;

namespace Sam.Operator.Clients;

/// <summary>Connections to an HTTP API over months: pooled, renewed, and going nowhere but where they were sent.</summary>
internal static class ApiConnections
{
    /// <summary>The handler below a client.</summary>
    public static SocketsHttpHandler NewHandler() =>
        new()
        {
            // The API's address may change under a process that lives for months.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.All,
            // A redirect would carry the token to wherever it points, and hide a rename.
            AllowAutoRedirect = false,
            UseCookies = false,
        };
}
