using Microsoft.AspNetCore.Http.Features;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>The front on Kestrel.</summary>
internal static class SocketFront
{
    public static void Map(WebApplication host, GitHubApi api, GitFront git, TimeProvider time) =>
        host.MapFallback(
            "{*path}",
            context => GitFront.IsGit(context.Request.Path) ? git.RunAsync(context) : RunAsync(context, api, time)
        );

    private static async Task RunAsync(HttpContext context, GitHubApi api, TimeProvider time)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        var address = new Uri(
            $"{request.Scheme}://{request.Host}{context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}"
        );
        var headers = request.Headers.ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => pair.Value.ToString());
        var reply = api.Answer(new GitHubRequest(request.Method, address, headers, body.ToArray()));
        if (reply.Delay > TimeSpan.Zero)
        {
            await Task.Delay(reply.Delay, time, context.RequestAborted);
        }
        await WriteAsync(context, reply);
    }

    private static async Task WriteAsync(HttpContext context, GitHubReply reply)
    {
        if (reply.Ending == Ending.Nothing)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }
        if (reply.Body.Length == 0)
        {
            return;
        }
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = reply.Body.Length;
        var half = reply.Ending == Ending.Half;
        await context.Response.Body.WriteAsync(half ? reply.Body.AsMemory(0, reply.Body.Length / 2) : reply.Body);
        if (half)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
