using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Faults;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Http;

/// <summary>From a path to whoever answers it; every refusal ends here as a Status.</summary>
internal sealed class ApiRouter(
    ResourceCatalog catalog,
    ResourceHandler resources,
    DiscoveryHandler discovery,
    OpenApiHandler openApi,
    NodelessParts nodeless,
    FaultControl faults,
    Gatekeeping gatekeeping,
    Aggregator aggregator,
    ILogger logger
)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            gatekeeping.Admit(context);
            var path = PathOf(context);
            if (!await gatekeeping.TryAnswerAsync(context, path) && !await aggregator.TryAnswerAsync(context, path))
                await RouteAsync(context);
        }
        catch (StatusException fault) when (!context.Response.HasStarted)
        {
            Answers.Warn(context, context.Features.Get<WriteOptions>()?.Warnings ?? []);
            await Answers.WriteAsync(context, fault);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the client has left
        }
        catch (ClientGoneException fault)
        {
            logger.LogDebug("client of {Method} {Path} left: {Why}", context.Request.Method, context.Request.Path, fault.Message);
        }
        catch (Exception fault) when (!context.Response.HasStarted && fault is not OutOfMemoryException)
        {
            logger.LogError(fault, "answering {Method} {Path}", context.Request.Method, context.Request.Path);
            await Answers.WriteAsync(
                context,
                new StatusException(500, "InternalError", $"Internal error occurred: {fault.Message}")
            );
        }
    }

    private static string[] PathOf(HttpContext context) => context.Request.Path.Value!.Trim('/').Split('/');

    private async Task RouteAsync(HttpContext context)
    {
        var path = PathOf(context);
        switch (path)
        {
            case ["healthz" or "livez" or "readyz"] or ["healthz" or "livez" or "readyz", "ping" or "log" or "etcd"]:
                await Answers.WritePlainAsync(context, 200, "ok");
                break;
            case ["version"]:
                await Answers.WriteAsync(context, 200, ServerVersion.Document());
                break;
            case ["api"]:
                await discovery.WriteRootAsync(context, isLegacy: true);
                break;
            case ["apis"]:
                await discovery.WriteRootAsync(context, isLegacy: false);
                break;
            case ["api", "v1"]:
                await discovery.WriteVersionAsync(context, "", "v1");
                break;
            case ["api", "v1", .. var rest]:
                if (!await nodeless.TryAnswerAsync(context, rest))
                    await ResourceAsync(context, "", "v1", rest);
                break;
            case ["apis", var group]:
                await discovery.WriteGroupAsync(context, group);
                break;
            case ["apis", var group, var version]:
                await discovery.WriteVersionAsync(context, group, version);
                break;
            case ["apis", var group, var version, .. var rest]:
                await ResourceAsync(context, group, version, rest);
                break;
            case ["_dev", "faults", .. var rest]:
                await faults.HandleAsync(context, rest);
                break;
            case ["openapi", ..]:
                await openApi.HandleAsync(context, path);
                break;
            case ["api", ..]:
                throw Failures.NoResource();
            default:
                await Answers.WritePlainAsync(context, 404, "404 page not found\n");
                break;
        }
    }

    private async Task ResourceAsync(HttpContext context, string group, string version, string[] rest)
    {
        if (group.Length > 0 && !catalog.HasGroup(group))
        {
            await Answers.WritePlainAsync(context, 404, "404 page not found\n");
            return;
        }
        var target = RequestTarget.Parse(catalog, group, version, rest);
        if (target is not null)
        {
            await resources.HandleAsync(context, target);
            return;
        }
        if (catalog.All.Any(type => type.Group == group && type.IsCustom))
            await Answers.WritePlainAsync(context, 404, "404 page not found\n");
        else
            throw Failures.NoResource();
    }
}
