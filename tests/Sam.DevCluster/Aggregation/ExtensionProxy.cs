using System.Net.Http.Headers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Aggregation;

/// <summary>Hands requests to extension servers, who trust the front proxy to say who the user is.</summary>
internal sealed class ExtensionProxy(BackendConnections connections, Func<string, string, int, string?> services)
{
    private static readonly string[] NotForwarded = ["Authorization", "Connection", "Host", "Transfer-Encoding", "Keep-Alive"];

    private static readonly string[] NotReturned = ["Connection", "Transfer-Encoding", "Keep-Alive"];

    public async Task ForwardAsync(HttpContext context, Extension extension)
    {
        if (!extension.IsAvailable || extension.Locate(services) is not { } backend)
        {
            await Answers.WritePlainAsync(context, 503, "service unavailable\n");
            return;
        }
        var path = context.Request.Path.Value + context.Request.QueryString.Value;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), extension.Root + path);
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        CopyHeaders(context.Request.Headers, request);
        Introduce(request.Headers, context.User());
        HttpResponseMessage response;
        try
        {
            response = await connections.For(backend).SendAsync(request, context.RequestAborted);
        }
        catch (HttpRequestException fault)
        {
            var why = BackendConnections.Describe(fault);
            await Answers.WritePlainAsync(context, 503, $"error trying to reach service: dial tcp {backend.Address}: {why}\n");
            return;
        }
        using (response)
            await ReturnAsync(context, response);
    }

    /// <summary>Asks on the aggregator's own behalf.</summary>
    public async Task<HttpResponseMessage> AskAsync(
        Extension extension,
        Backend backend,
        string path,
        string? accept,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, extension.Root + path);
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/json");
        Introduce(request.Headers, UserInfo.Of("system:kube-aggregator", [UserInfo.Masters]));
        return await connections.For(backend).SendAsync(request, cancellationToken);
    }

    private static void CopyHeaders(IHeaderDictionary headers, HttpRequestMessage request)
    {
        foreach (var (name, values) in headers)
        {
            var isOurs =
                name.StartsWith(':')
                || name.StartsWith("X-Remote-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)
                || NotForwarded.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (!isOurs && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    private static void Introduce(HttpRequestHeaders headers, UserInfo user)
    {
        headers.TryAddWithoutValidation("X-Remote-User", user.Name);
        if (user.Uid.Length > 0)
            headers.TryAddWithoutValidation("X-Remote-Uid", user.Uid);
        Add(headers, "X-Remote-Group", user.Groups);
        foreach (var (key, values) in user.Extra)
            Add(headers, "X-Remote-Extra-" + Uri.EscapeDataString(key), values);
    }

    private static void Add(HttpRequestHeaders headers, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            headers.TryAddWithoutValidation(name, string.Join(RepeatedHeaders.Separator, values));
    }

    // Flushed piece by piece: watches are streams.
    private static async Task ReturnAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!NotReturned.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.ToArray();
        }
        await using var source = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
