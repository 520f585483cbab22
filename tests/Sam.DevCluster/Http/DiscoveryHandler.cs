using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Http;

/// <summary>Answers with what is served, in the old documents or in the one of aggregated discovery.</summary>
internal sealed class DiscoveryHandler(ResourceCatalog catalog, Aggregator aggregator)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private readonly DiscoveryDocuments _documents = new(catalog);
    private readonly AggregatedDiscovery _aggregated = new(catalog);

    /// <summary>What is below <c>/api</c> or <c>/apis</c>.</summary>
    public async Task WriteRootAsync(HttpContext context, bool isLegacy)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (!WantsAggregated(accept))
        {
            var document = isLegacy
                ? ServerVersion.LegacyVersions(context.Request.Host.Value!)
                : aggregator.Extend(_documents.Groups());
            await Answers.WriteAsync(context, 200, document, Accepted.Plain(accept));
            return;
        }
        var found = _aggregated.Aggregated(isLegacy);
        var body = (isLegacy ? found : aggregator.Extend(found)).ToUtf8();
        context.Response.Headers.Vary = "Accept";
        context.Response.Headers.CacheControl = "public";
        if (!OpenApiHandler.IsKnown(context, Convert.ToHexString(SHA512.HashData(body))))
            await Answers.WriteAsync(context, 200, body, Aggregated);
    }

    /// <summary>The versions of one group.</summary>
    public Task WriteGroupAsync(HttpContext context, string group) => WriteAsync(context, _documents.FindGroup(group));

    /// <summary>The resources of one version.</summary>
    public Task WriteVersionAsync(HttpContext context, string group, string version)
    {
        var list = _documents.ResourceList(group, version);
        return list is null && ServedGroups.IsOwn(group) ? throw Failures.NoResource() : WriteAsync(context, list);
    }

    private static Task WriteAsync(HttpContext context, JsonObject? document) =>
        document is null
            ? Answers.WritePlainAsync(context, 404, "404 page not found\n")
            : Answers.WriteAsync(context, 200, document, Accepted.Plain(context.Request.Headers.Accept.ToString()));

    // Of several ranges the first that is served wins; one without these parameters asks for the old documents.
    private static bool WantsAggregated(string accept)
    {
        foreach (var range in accept.Split(',').Select(range => range.Split(';', StringSplitOptions.TrimEntries)))
        {
            if (range[0] is not ("application/json" or "application/*" or "*/*"))
                continue;
            if (range.Contains("g=apidiscovery.k8s.io") && range.Contains("v=v2") && range.Contains("as=APIGroupDiscoveryList"))
                return true;
            if (range.Length == 1)
                return false;
        }
        return false;
    }
}
