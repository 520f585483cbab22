using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.NativeHttp;

namespace Sam.Operator.Clients.Docker;

/// <summary>Hands one pooled handler to Docker.DotNet's native transport, so that typed and raw calls share a Machine's connections.</summary>
internal sealed class SharedHandlerFactory(HttpMessageInvoker pool, Uri endpoint)
    : IDockerHandlerFactory<NativeHttpTransportOptions>
{
    private readonly IDockerHandlerFactory<NativeHttpTransportOptions> native = DockerHandlerFactory.Instance;

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
        new(new Borrowed(pool), endpoint);

    public ResolvedTransport CreateHandler(
        NativeHttpTransportOptions transportOptions,
        ResolvedClientOptions clientOptions,
        ILogger logger
    ) => CreateHandler(clientOptions, logger);

    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => native.HijackStreamAsync(content);

    /// <summary>A client that is replaced when the API version changes must not close the pool.</summary>
    private sealed class Borrowed(HttpMessageInvoker pool) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            pool.SendAsync(request, cancellationToken);
    }
}
