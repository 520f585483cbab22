using System.Collections.Concurrent;
using Sam.Runtime.Transport;

namespace Sam.Testing.Operators;

/// <summary>Every request that the operator made of the Kubernetes API, as an authorizer would see it.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<ApiRequest, bool> _seen = new();

    /// <summary>The different requests so far.</summary>
    public IReadOnlyCollection<ApiRequest> All => [.. _seen.Keys];

    /// <summary>A transport that notes what goes through it.</summary>
    internal IKubernetesTransport Around(HttpTransport transport) => new Noting(transport, this);

    private sealed class Noting(HttpTransport inner, RequestLog log) : IKubernetesTransport
    {
        public Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
        {
            log._seen.TryAdd(ApiRequest.Of(request), true);
            return inner.SendAsync(request, cancellationToken);
        }
    }
}
