using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;
using Sam.Runtime.Informers;

namespace Sam.Runtime.Hosting;

/// <summary>What the process tells its surroundings.</summary>
public static class RuntimeEndpoints
{
    /// <summary>Maps <c>/healthz</c>, <c>/readyz</c> (ready only when every cache is synced) and <c>/metrics</c>.</summary>
    public static IEndpointRouteBuilder MapRuntimeEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => "ok");
        endpoints.MapGet("/readyz", Ready);
        endpoints.MapMetrics("/metrics", endpoints.ServiceProvider.GetRequiredService<CollectorRegistry>());
        return endpoints;
    }

    private static IResult Ready(IEnumerable<IInformer> informers)
    {
        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Plural).ToList();
        return missing.Count == 0
            ? Results.Text("ok")
            : Results.Text($"not synced yet: {string.Join(", ", missing)}", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
