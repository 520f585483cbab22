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

    /// <summary>Connects as a configuration says; takes the configuration's timeout away, since the runtime has its own.</summary>
    public static HttpTransport Connect(
        KubernetesClientConfiguration configuration,
        RestClientMetrics metrics,
        TimeProvider timeProvider
    )
    {
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        return new HttpTransport(new Kubernetes(configuration), metrics, timeProvider);
    }

    /// <inheritdoc/>
    public async Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        using var span = RuntimeTracing.StartRequest(request, client.BaseUri);
        var startedAt = timeProvider.GetTimestamp();
        using var timeout = new CancellationTokenSource(s_answerTimeout, timeProvider);
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
            Version = client.HttpClient.DefaultRequestVersion,
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
