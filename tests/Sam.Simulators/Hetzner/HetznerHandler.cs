using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Sam.Simulators.Hetzner;

/// <summary>The front in this process.</summary>
internal sealed class HetznerHandler(IReadOnlyList<HetznerRoute> routes) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var life = new Life { RequestAborted = cancellationToken };
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(life);
        context.Response.Body = body;
        await FillAsync(context.Request, request, cancellationToken);
        await ServeAsync(context);
        if (life.IsAborted)
            throw new HttpRequestException("The connection was reset");
        var response = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode)
        {
            Content = new ByteArrayContent(body.ToArray()),
            RequestMessage = request,
        };
        foreach (var (name, values) in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                response.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return response;
    }

    private Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        foreach (var route in routes.Where(route => route.Method == context.Request.Method))
        {
            if (route.TryMatch(path, context.Request.RouteValues))
                return route.Serve(context);
        }

        return HetznerPipeline.WriteAsync(context, Answer.NotFound(path), _ => null);
    }

    private static async Task FillAsync(HttpRequest target, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        (target.Method, target.Scheme, target.Host) = (request.Method.Method, address.Scheme, new HostString(address.Authority));
        (target.Path, target.QueryString) = (PathString.FromUriComponent(address), QueryString.FromUriComponent(address));
        foreach (var (name, values) in request.Headers)
            target.Headers.Append(name, values.ToArray());
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        target.Body = new MemoryStream(body);
    }

    /// <summary>Whether the far end hung up.</summary>
    private sealed class Life : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }
}
