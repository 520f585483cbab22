using System.Collections.Concurrent;
using System.Net;

namespace Sam.Testing.Operators;

/// <summary>Stands for all model providers: knows which keys are good, and keeps what it was asked with.</summary>
public sealed class ModelProviders : HttpMessageHandler
{
    private readonly ConcurrentQueue<(string Host, string Key)> _asked = new();

    /// <summary>Keys that are refused; every other is good.</summary>
    public ConcurrentBag<string> Bad { get; } = [];

    /// <summary>What is answered instead of anything else; null for the truth.</summary>
    public HttpStatusCode? Instead { get; set; }

    /// <summary>Answers wait for this.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    /// <summary>Every call so far: the host, and the key that it carried.</summary>
    public IReadOnlyCollection<(string Host, string Key)> Asked => _asked;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key =
            request.Headers.Authorization?.Parameter
            ?? request
                .Headers.Where(header => header.Key is "x-api-key" or "x-goog-api-key")
                .SelectMany(header => header.Value)
                .First();
        _asked.Enqueue((request.RequestUri!.Host, key));
        var code = Instead ?? (Bad.Contains(key) ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        await Until.WaitAsync(cancellationToken);
        return new HttpResponseMessage(code) { RequestMessage = request };
    }
}
