namespace Sam.DevCluster.Http;

/// <summary>Ends requests that take too long with 504, as the API server does; watches have an end of their own.</summary>
internal sealed class RequestDeadline(TimeSpan limit, TimeProvider time)
{
    public async Task RunAsync(HttpContext context, Func<HttpContext, Task> handle)
    {
        if (IsLong(context))
        {
            await handle(context);
            return;
        }
        var gone = context.RequestAborted;
        using var end = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, end.Token);
        context.RequestAborted = either.Token;
        try
        {
            await handle(context);
        }
        finally
        {
            context.RequestAborted = gone;
        }
        // The handler has given up in silence, as for a client that left.
        if (end.IsCancellationRequested && !gone.IsCancellationRequested && !context.Response.HasStarted)
            await Answers.WriteAsync(
                context,
                new StatusException(504, "Timeout", "Timeout: request did not complete within the allotted timeout")
            );
    }

    private static bool IsLong(HttpContext context) =>
        context.Request.Query["watch"].ToString() is "1" or "true"
        || context.Request.Path.Value!.Contains("/watch/", StringComparison.Ordinal);
}
