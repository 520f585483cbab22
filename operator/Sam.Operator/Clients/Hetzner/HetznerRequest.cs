using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>One call: where it goes, and under which name it is counted.</summary>
internal sealed record HetznerRequest(HttpMethod Method, string Route, string Path)
{
    public HttpContent? Content { get; init; }

    public bool IsWrite => Method != HttpMethod.Get;

    /// <summary>How urgent it is when requests run short.</summary>
    public Spending Spending { get; init; } =
        Method == HttpMethod.Delete ? Spending.Delete
        : Method == HttpMethod.Get ? Spending.Read
        : Spending.Create;

    public static HetznerRequest Get(string route, string path) => new(HttpMethod.Get, route, path);

    public static HetznerRequest Delete(string route, string path) => new(HttpMethod.Delete, route, path);

    public static HetznerRequest Put<TBody>(string route, string path, TBody body, JsonTypeInfo<TBody> type) =>
        Post(route, path, body, type) with
        {
            Method = HttpMethod.Put,
        };

    public static HetznerRequest Post(string route, string path) => new(HttpMethod.Post, route, path);

    public static HetznerRequest Post<TBody>(string route, string path, TBody body, JsonTypeInfo<TBody> type) =>
        new(HttpMethod.Post, route, path)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
}
