using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using Sam.Runtime.Observability;

namespace Sam.Runtime.Transport;

/// <summary>The seam over the official client's connection: its configuration, authentication, TLS and HttpClient.</summary>
/// <param name="client">The official client; its HttpClient must have no timeout of its own, since watches go on.</param>
/// <param name="metrics">Counts requests.</param>
/// <param name="timeProvider">The clock of the timeout.</param>
public sealed class HttpTransport(Kubernetes client, RestClientMetrics metrics, TimeProvider timeProvider) : IKubernetesTransport
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Connects as a configuration says; takes the configuration's timeout away, since the runtime has its own.
    /// <para>
    /// Over TLS it speaks HTTP/2, as client-go does: every watch of a kind and scope is a stream that is open for minutes, and with HTTP/1.1
    /// each would hold a connection of its own, with its handshake, its buffers and its entry in the server's limits. API servers allow 100
    /// to 250 streams a connection, and a request over the limit would wait for a watch to end: so more connections are opened then.
    /// </para>
    /// </summary>
    public static HttpTransport Connect(
        KubernetesClientConfiguration configuration,
        RestClientMetrics metrics,
        TimeProvider timeProvider
    )
    {
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        configuration.FirstMessageHandlerSetup += Tune;
        return new HttpTransport(new Kubernetes(configuration), metrics, timeProvider);
    }

    private static void Tune(SocketsHttpHandler handler)
    {
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        // One dead connection silences every watch on it: found out within 45 s by pings, before the watches' own 90 s.
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
    }

    /// <inheritdoc/>
    public async Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        using var span = RuntimeTracing.StartRequest(request, client.BaseUri);
        var startedAt = timeProvider.GetTimestamp();
        using var timeout = new CancellationTokenSource(Within(request), timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var code = "<error>";
        try
        {
            using var message = ToMessage(request);
            if (client.Credentials is { } credentials)
                await credentials.ProcessHttpRequestAsync(message, either.Token);
            var response = await client.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            code = ((int)response.StatusCode).ToString();
            span.SetAnswer((int)response.StatusCode);
            // A watch ends by its reader; anything else is read whole here, so that the timeout covers its body too.
            var body = request.IsWatch
                ? await response.Content.ReadAsStreamAsync(either.Token)
                : await BufferAsync(response, either.Token);
            return new TransportResponse((int)response.StatusCode, body, RetryAfter(response.Headers.RetryAfter), response);
        }
        catch (OperationCanceledException fault)
            when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            span.SetFault(fault);
            throw Unanswered(request, "Timeout", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            span.SetFault(fault);
            throw Unanswered(request, "ConnectionFailed", fault);
        }
        finally
        {
            metrics.Answered(code, request, client.BaseUri.Authority, timeProvider.GetElapsedTime(startedAt));
        }
    }

    private static TimeSpan Within(TransportRequest request)
    {
        if (request.AnswerWithin == Timeout.InfiniteTimeSpan || request.AnswerWithin > s_answerTimeout)
            return s_answerTimeout;
        return request.AnswerWithin > TimeSpan.Zero ? request.AnswerWithin : TimeSpan.Zero;
    }

    private static async Task<Stream> BufferAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new MemoryStream();
        await response.Content.CopyToAsync(buffer, cancellationToken);
        buffer.Position = 0;
        return buffer;
    }

    private HttpRequestMessage ToMessage(TransportRequest request)
    {
        var address = new Uri(client.BaseUri, client.BaseUri.AbsolutePath.TrimEnd('/') + request.Path);
        var message = new HttpRequestMessage(request.Method, address)
        {
            // Asked for, not insisted on: TLS agrees on it (ALPN), and without TLS it is 1.1.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (request.Body is { } body)
        {
            message.Content = new StringContent(body, Encoding.UTF8);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        return message;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - timeProvider.GetUtcNow() : null);

    private static KubernetesApiException Unanswered(TransportRequest request, string reason, Exception fault) =>
        new(0, reason, $"{request.Method} {request.Path.Split('?')[0]} had no answer: {fault.Message}", null, fault);
}
