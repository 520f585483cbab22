using System.Diagnostics;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Observability;

/// <summary>
/// The spans of the runtime: one a reconcile, below it one a step and one an API request. Nobody listens unless the host exports them, and
/// then they cost nothing.
/// </summary>
public static class RuntimeTracing
{
    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string SourceName = "Sam.Runtime";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>A run over one object; a trace of its own, whatever started the worker.</summary>
    internal static Activity? StartReconcile(string controller, string kind, ObjectKey key, string? uid)
    {
        Activity.Current = null;
        if (s_source.StartActivity($"Reconcile {kind}") is not { } span)
            return null;
        span.SetTag("controller", controller);
        span.SetTag("k8s.object.kind", kind);
        span.SetTag("k8s.namespace.name", key.Namespace);
        span.SetTag("k8s.object.name", key.Name);
        return span.SetTag("k8s.object.uid", uid);
    }

    /// <summary>One step of a run.</summary>
    internal static Activity? StartStep(string step) => s_source.StartActivity($"Step {step}")?.SetTag("step", step);

    /// <summary>One request to the API server, up to its answer; a watch's span ends where the watch begins. Queries hold no secrets, but are long.</summary>
    internal static Activity? StartRequest(TransportRequest request, Uri server)
    {
        if (s_source.StartActivity(request.Method.Method, ActivityKind.Client) is not { } span)
            return null;
        span.SetTag("http.request.method", request.Method.Method);
        span.SetTag("url.path", request.Path.Split('?')[0]);
        span.SetTag("server.address", server.Host);
        return span.SetTag("server.port", server.Port);
    }

    /// <summary>What a run or a step came to.</summary>
    internal static void SetResult(this Activity? span, string result) => span?.SetTag("result", result);

    /// <summary>The answer's code; a refusal is an error, except what is ordinary life: not found, conflict, expired.</summary>
    internal static void SetAnswer(this Activity? span, int code)
    {
        span?.SetTag("http.response.status_code", code);
        if (code is >= 400 and not (404 or 409 or 410))
            span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>A fault, without its stack: that is in the log, under the same trace id.</summary>
    internal static void SetFault(this Activity? span, Exception? fault) =>
        span?.SetTag("error.type", fault?.GetType().Name).SetStatus(ActivityStatusCode.Error, fault?.Message);
}
