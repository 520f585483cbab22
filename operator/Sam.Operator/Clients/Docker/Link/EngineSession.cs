using System.Net;
using System.Net.Security;
using Docker.DotNet;
using Docker.DotNet.NativeHttp;

namespace Sam.Operator.Clients.Docker;

/// <summary>The pooled connections to one engine, and the API version both sides speak.</summary>
internal sealed class EngineSession : IDisposable
{
    /// <summary>The newest API that this code was written against; engines from 20.10 (1.41) on speak an older one at will.</summary>
    private static readonly Version newestKnown = new(1, 47);
    private static readonly Uri root = new("http://engine/");

    private readonly EngineConnector connector;
    private readonly SocketsHttpHandler pool;
    private readonly Lock gate = new();
    private DockerClient? client;
    private Version? version;

    public EngineSession(EngineConnector connector)
    {
        this.connector = connector;
        pool = NewHandler(async (_, token) => await connector.ConnectAsync(token));
        Raw = new HttpMessageInvoker(pool, disposeHandler: false);
    }

    /// <summary>Calls that Docker.DotNet has no method for; same pool.</summary>
    public HttpMessageInvoker Raw { get; }

    public ConnectGate Gate => connector.Gate;

    /// <summary>Whether the engine refuses our certificate; see the connector.</summary>
    public Task<bool> IsRefusedAsync(CancellationToken cancellationToken) => connector.IsRefusedAsync(cancellationToken);

    /// <summary>Docker.DotNet's client at the negotiated version.</summary>
    public async Task<DockerClient> ClientAsync(CancellationToken cancellationToken)
    {
        Gate.ThrowIfClosed();
        if (connector.TakeInterrupted() || version is null)
        {
            await NegotiateAsync(cancellationToken);
        }

        lock (gate)
        {
            return client!;
        }
    }

    /// <summary>A versioned address for a raw call.</summary>
    public async Task<Uri> AddressAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        await ClientAsync(cancellationToken);
        return new Uri(root, $"v{version}/{pathAndQuery}");
    }

    /// <summary>Asks the engine for its API version. The answer is also the cheapest proof of life.</summary>
    public async Task NegotiateAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "_ping"));
        using var response = await Raw.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new EngineException(EngineErrorKind.Server, $"the engine answered {(int)response.StatusCode} to a ping");
        }

        var offered =
            response.Headers.TryGetValues("Api-Version", out var values)
            && Version.TryParse(values.FirstOrDefault(), out var parsed)
                ? parsed
                : throw new EngineException(EngineErrorKind.Server, "the engine's ping names no API version");
        Use(offered < newestKnown ? offered : newestKnown);
    }

    /// <summary>A connection of its own, for a stream that one side closes before the other; the caller disposes it.</summary>
    public DedicatedConnection Dedicated() => new(connector);

    public void Dispose()
    {
        client?.Dispose();
        Raw.Dispose();
        pool.Dispose();
    }

    private void Use(Version chosen)
    {
        lock (gate)
        {
            if (client is not null && version == chosen)
            {
                return;
            }

            // An older client is left to the collector: calls may be under way on it, and it owns nothing.
            client = new DockerClientBuilder()
                .WithEndpoint(root)
                .WithTransportOptions(new SharedHandlerFactory(Raw, root), new NativeHttpTransportOptions())
                .WithApiVersion(chosen)
                .WithTimeout(Timeout.InfiniteTimeSpan)
                .Build();
            version = chosen;
        }
    }

    private static SocketsHttpHandler NewHandler(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect
    ) =>
        new()
        {
            ConnectCallback = connect,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        };

    /// <summary>One connection outside the pool whose writing side can be closed alone.</summary>
    internal sealed class DedicatedConnection : IDisposable
    {
        private readonly SocketsHttpHandler handler;
        private SslStream? stream;

        public DedicatedConnection(EngineConnector connector)
        {
            handler = NewHandler(async (_, token) => stream = await connector.ConnectAsync(token));
            Http = new HttpMessageInvoker(handler, disposeHandler: false);
        }

        public HttpMessageInvoker Http { get; }

        /// <summary>Tells the engine that no more input comes: TLS close_notify, which it reads as the end of the stream.</summary>
        public Task CloseWriteAsync() => stream is null ? Task.CompletedTask : stream.ShutdownAsync();

        public void Dispose()
        {
            Http.Dispose();
            handler.Dispose();
            stream?.Dispose();
        }
    }
}
