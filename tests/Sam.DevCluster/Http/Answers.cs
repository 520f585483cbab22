using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Http;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    // Smaller answers are not worth the time.
    private const int WorthCompressing = 128 * 1024;

    private static readonly JsonWriterOptions Indented = JsonAccess.Writing with { Indented = true, NewLine = "\n" };

    public static async Task WriteAsync(
        HttpContext context,
        int code,
        ReadOnlyMemory<byte> body,
        string contentType = "application/json"
    )
    {
        if (Compresses(context, body.Length))
        {
            body = Compressed(body.Span);
            context.Response.Headers.ContentEncoding = "gzip";
            if (!context.Response.Headers.Vary.Contains("Accept-Encoding"))
                context.Response.Headers.Append("Vary", "Accept-Encoding");
        }
        Begin(context, code, contentType, body.Length);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The head of an answer.</summary>
    public static void Begin(HttpContext context, int code, string contentType, long length)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        if (context.Response.Headers.CacheControl.Count == 0)
            context.Response.Headers.CacheControl = "no-cache, private";
        context.Response.ContentLength = length;
    }

    public static Task WriteAsync(HttpContext context, int code, JsonNode? node, AnswerForm form = AnswerForm.Json) =>
        form == AnswerForm.Yaml ? WriteAsync(context, code, Encoding.UTF8.GetBytes(node.ToYaml()), "application/yaml")
        : node is JsonObject o && o.ContainsKey("apiVersion") ? WriteObjectAsync(context, code, GoOrder.Encode(o))
        : WriteObjectAsync(context, code, node.ToUtf8());

    /// <summary>An object as JSON: on one line, or indented when the client asks for it.</summary>
    public static Task WriteObjectAsync(HttpContext context, int code, byte[] json) =>
        WriteAsync(context, code, IsPretty(context) ? Pretty(json) : [.. json, (byte)'\n']);

    /// <summary>Whether an answer of this size is to be compressed.</summary>
    public static bool Compresses(HttpContext context, long length) =>
        length > WorthCompressing
        && HttpMethods.IsGet(context.Request.Method)
        && context
            .Request.Headers.AcceptEncoding.ToString()
            .Split(',')
            .Any(range => range.Split(';')[0].Trim() == "gzip" && !range.Contains("q=0", StringComparison.Ordinal));

    /// <summary>Whether the client wants to read the answer itself.</summary>
    public static bool IsPretty(HttpContext context)
    {
        if (context.Request.Query["pretty"].ToString() is { Length: > 0 } asked)
            return asked is "true" or "1" or "t" or "T" or "TRUE" or "True";
        var agent = context.Request.Headers.UserAgent.ToString();
        return agent.StartsWith("curl", StringComparison.Ordinal)
            || agent.StartsWith("Wget", StringComparison.Ordinal)
            || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal);
    }

    public static Task WriteAsync(HttpContext context, StatusException fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();
        var form = Accepted.OfRefusal(context.Request.Headers.Accept.ToString()) ?? AnswerForm.Json;
        return WriteAsync(context, fault.Code, fault.ToStatus(), form);
    }

    public static Task WritePlainAsync(HttpContext context, int code, string text)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(context, code, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
    }

    public static void Warn(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal))
            context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");
    }

    private static byte[] Pretty(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            document.WriteTo(writer);
        return buffer.ToArray();
    }

    private static byte[] Compressed(ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream();
        using (var stream = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(body);
        return buffer.ToArray();
    }
}
