namespace Sam.Runtime.Transport;

/// <summary>The one seam between the runtime and a Kubernetes API; its in-memory implementation drives tests in virtual time.</summary>
public interface IKubernetesTransport
{
    /// <summary>
    /// Sends a request and returns as soon as the answer begins: a watch is a body that goes on. An answer that is no success is returned,
    /// not thrown; a connection that fails is thrown as <see cref="KubernetesApiException"/> with code 0.
    /// </summary>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Ends the request; the body ends with its own reads.</param>
    Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken);
}

/// <summary>One request to a Kubernetes API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Absolute path with its query, such as <c>/api/v1/namespaces/a/secrets?limit=500</c>.</param>
public sealed record TransportRequest(HttpMethod Method, string Path)
{
    /// <summary>JSON to send, if any.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media type asked for.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>How long the answer may take, where the transport would wait longer: a write is worth nothing after the lease.</summary>
    public TimeSpan AnswerWithin { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The answer goes on without an end, so that no timeout covers its body.</summary>
    public bool IsWatch { get; init; }
}

/// <summary>The lines of an answer that goes on; the seam at which tests feed watches without a stream.</summary>
public interface ILineReader
{
    /// <summary>The next line, or null at the end.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken);
}

/// <summary>Lines out of a stream.</summary>
internal sealed class StreamLines(Stream stream) : ILineReader, IDisposable
{
    private readonly StreamReader _reader = new(stream);

    public void Dispose() => _reader.Dispose();

    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => _reader.ReadLineAsync(cancellationToken);
}

/// <summary>The beginning of an answer.</summary>
/// <param name="code">The HTTP status code.</param>
/// <param name="body">The body, still to be read.</param>
/// <param name="retryAfter">The Retry-After header, if there was one.</param>
/// <param name="owner">What to release together with the body.</param>
/// <param name="lines">The lines of a watch, where they do not come out of the body.</param>
public sealed class TransportResponse(
    int code,
    Stream body,
    TimeSpan? retryAfter = null,
    IDisposable? owner = null,
    ILineReader? lines = null
) : IDisposable
{
    private ILineReader? _lines = lines;

    /// <summary>The HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary>The body, still to be read.</summary>
    public Stream Body { get; } = body;

    /// <summary>The lines of a watch, one event each.</summary>
    public ILineReader Lines => _lines ??= new StreamLines(Body);

    /// <summary>When the server asked to be called again.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the code means success.</summary>
    public bool IsSuccess => Code is >= 200 and < 300;

    /// <inheritdoc/>
    public void Dispose()
    {
        (_lines as IDisposable)?.Dispose();
        Body.Dispose();
        owner?.Dispose();
    }
}
