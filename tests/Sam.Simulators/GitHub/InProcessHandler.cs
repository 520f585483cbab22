using System.Net;

namespace Sam.Simulators.GitHub;

/// <summary>The front without sockets: a call is answered on the caller's own thread.</summary>
internal sealed class InProcessHandler(GitHubApi api, TimeProvider time) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var headers = request.Headers.Concat(
            request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()
        );
        var reply = api.Answer(
            new GitHubRequest(
                request.Method.Method,
                request.RequestUri!,
                headers.ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => string.Join(", ", pair.Value)),
                request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken)
            )
        );
        if (reply.Delay > TimeSpan.Zero)
        {
            await Task.Delay(reply.Delay, time, cancellationToken);
        }
        if (reply.Ending == Ending.Nothing)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The simulated connection broke before an answer.");
        }
        return Write(request, reply);
    }

    private static HttpResponseMessage Write(HttpRequestMessage request, GitHubReply reply)
    {
        HttpContent content =
            reply.Ending == Ending.Half
                ? new StreamContent(new BrokenStream(reply.Body[..(reply.Body.Length / 2)]))
                : new ByteArrayContent(reply.Body);
        if (reply.Body.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", reply.ContentType);
        }
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { RequestMessage = request, Content = content };
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }
        return response;
    }

    // Gives what it has, then breaks as a connection does.
    private sealed class BrokenStream(byte[] half) : MemoryStream(half, writable: false)
    {
        public override int Read(Span<byte> buffer) => Whole(base.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Whole(base.Read(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer, offset, count));

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            Task.FromException(Broken());

        private static int Whole(int read) => read > 0 ? read : throw Broken();

        private static HttpIOException Broken() => new(HttpRequestError.ResponseEnded, "The simulated connection broke.");
    }
}
