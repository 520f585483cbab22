using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Sam.DevCluster.Http;

/// <summary>Counts requests by verb and resource, and shows the counts at <c>/metrics</c> as kube-apiserver does.</summary>
internal sealed class RequestCounter(RequestDelegate next)
{
    private readonly ConcurrentDictionary<(string Verb, string Group, string Resource), long> _counts = new();

    public Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/metrics")
            return Answers.WritePlainAsync(context, 200, Render());
        var (group, resource, isObject) = Target(context.Request.Path.Value!.Trim('/').Split('/'));
        _counts.AddOrUpdate((Verb(context.Request, isObject), group, resource), 1, (_, count) => count + 1);
        return next(context);
    }

    private static string Verb(HttpRequest request, bool isObject) =>
        request.Method switch
        {
            "GET" when request.Query["watch"].ToString() is "true" or "1" => "WATCH",
            "GET" when !isObject => "LIST",
            "PATCH" when request.ContentType?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true => "APPLY",
            var method => method,
        };

    private static (string Group, string Resource, bool IsObject) Target(string[] path) =>
        path switch
        {
            ["api", "v1", "namespaces", _, var resource, .. var rest] => ("", resource, rest.Length > 0),
            ["api", "v1", var resource, .. var rest] => ("", resource, rest.Length > 0),
            ["apis", var group, _, "namespaces", _, var resource, .. var rest] => (group, resource, rest.Length > 0),
            ["apis", var group, _, var resource, .. var rest] => (group, resource, rest.Length > 0),
            _ => ("", "", true),
        };

    private string Render()
    {
        var text = new StringBuilder("# TYPE apiserver_request_total counter\n");
        foreach (var ((verb, group, resource), count) in _counts)
            text.Append(
                CultureInfo.InvariantCulture,
                $"apiserver_request_total{{verb=\"{verb}\",group=\"{group}\",resource=\"{resource}\"}} {count}\n"
            );
        return text.ToString();
    }
}
