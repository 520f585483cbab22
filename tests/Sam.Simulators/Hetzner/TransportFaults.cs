namespace Sam.Simulators.Hetzner;

/// <summary>What happens before the API itself sees a call.</summary>
internal static class TransportFaults
{
    /// <summary>True if the call ends here.</summary>
    public static async Task<bool> StrikeAsync(HttpContext context, TimeProvider timeProvider, Func<string, HetznerFault?> struck)
    {
        if (struck(HetznerFaults.Slow) is { } slow)
            await Task.Delay(slow.Delay ?? TimeSpan.FromSeconds(60), timeProvider, context.RequestAborted);
        if (struck(HetznerFaults.Hangs) is not null)
            await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, context.RequestAborted);
        if (struck(HetznerFaults.Aborted) is not null)
        {
            context.Abort();
            return true;
        }
        if (struck(HetznerFaults.GatewayTimeout) is not null)
        {
            context.Response.StatusCode = 504;
            return true;
        }
        if (struck(HetznerFaults.HtmlPage) is null)
            return false;
        context.Response.StatusCode = 502;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync("<html><body><h1>502 Bad Gateway</h1></body></html>", context.RequestAborted);
        return true;
    }
}
