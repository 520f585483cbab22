using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sam.Operator.Clients.GitHub;

/// <summary>One call: where it goes, under which name it is counted, and which answers beside 2xx mean something to the caller.</summary>
internal sealed record GitHubRequest(HttpMethod Method, string Route, string Path)
{
    public byte[]? Body { get; init; }

    public bool IsWrite => Method != HttpMethod.Get;

    /// <summary>Goes on when the budget runs short: it gives something back.</summary>
    public bool IsLast { get; init; }

    /// <summary>Statuses that are an answer, not a failure.</summary>
    public IReadOnlyList<HttpStatusCode> Accepts { get; init; } = [];

    public static GitHubRequest Get(string route, string path, params IReadOnlyList<HttpStatusCode> accepts) =>
        new(HttpMethod.Get, route, path) { Accepts = accepts };

    public static GitHubRequest Post<TBody>(string route, string path, TBody body, JsonTypeInfo<TBody> type) =>
        new(HttpMethod.Post, route, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    public HttpContent? Content() =>
        Body is null
            ? null
            : new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}

/// <summary>A whole answer.</summary>
internal sealed record GitHubReply(HttpStatusCode Status, byte[] Body, Uri? Location, DateTimeOffset AnsweredAt)
{
    public bool IsMoved => (int)Status is >= 300 and < 400;
}
