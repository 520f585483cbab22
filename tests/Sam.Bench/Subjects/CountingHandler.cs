using System.Collections.Concurrent;

namespace Sam.Bench.Subjects;

/// <summary>Counts what a subject asks of the server, by verb.</summary>
internal sealed class CountingHandler : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Read() => new(_counts, StringComparer.Ordinal);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isWatch = request.RequestUri!.Query.Contains("watch=true", StringComparison.OrdinalIgnoreCase);
        var isList = request.RequestUri.AbsolutePath.EndsWith("/widgets", StringComparison.Ordinal);
        var verb = request.Method.Method switch
        {
            "GET" => isWatch ? "WATCH"
            : isList ? "LIST"
            : "GET",
            var method => method,
        };
        _counts.AddOrUpdate(verb, 1, (_, count) => count + 1);
        return base.SendAsync(request, cancellationToken);
    }
}
