using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Http;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    public static async Task WriteAsync(
        HttpContext context,
        int code,
        ReadOnlyMemory<byte> body,
        string contentType = "application/json"
    )
    {
        Begin(context, code, contentType, body.Length);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The head of an answer.</summary>
    public static void Begin(HttpContext context, int code, string contentType, long length)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache, private";
        context.Response.ContentLength = length;
    }

    public static Task WriteAsync(HttpContext context, int code, JsonNode? node, AnswerForm form = AnswerForm.Json) =>
        form == AnswerForm.Yaml
            ? WriteAsync(context, code, System.Text.Encoding.UTF8.GetBytes(node.ToYaml()), "application/yaml")
            : WriteAsync(context, code, node.ToUtf8());

    public static Task WriteAsync(HttpContext context, StatusException fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();
        return WriteAsync(context, fault.Code, fault.ToStatus());
    }

    public static Task WritePlainAsync(HttpContext context, int code, string text)
    {
        if (code == 404)
            context.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(context, code, System.Text.Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
    }

    public static void Warn(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal))
            context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");
    }
}
