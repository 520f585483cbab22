using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Json;
using Sam.DevCluster.OpenApi;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Http;

/// <summary>Answers with the documents of OpenAPI; whoever has one already is told so.</summary>
internal sealed class OpenApiHandler(ResourceCatalog catalog, Aggregator aggregator)
{
    // Clients ask by the first name, which is no valid media type, and get the second.
    private const string ProtobufAsked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private readonly GroupDocuments _groups = new(catalog);
    private readonly SwaggerDocument _swagger = new(catalog);

    public Task HandleAsync(HttpContext context, string[] path) =>
        path switch
        {
            ["openapi", "v2"] => WriteSwaggerAsync(context),
            ["openapi", "v3"] => Answers.WriteAsync(
                context,
                200,
                aggregator.ExtendIndex(_groups.Index()).ToUtf8(),
                "text/plain; charset=utf-8"
            ),
            ["openapi", "v3", .. var rest] when _groups.Find(string.Join('/', rest)) is { } document => WriteGroupAsync(
                context,
                string.Join('/', rest),
                document
            ),
            _ => Answers.WritePlainAsync(context, 404, "404 page not found\n"),
        };

    private async Task WriteSwaggerAsync(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        var ranges = accept.Split(',').Select(range => range.Split(';')[0].Trim());
        var form = ranges.FirstOrDefault(range =>
            range is ProtobufAsked or Protobuf or "application/json" or "application/*" or "*/*" or ""
        );
        if (form is null)
        {
            context.Response.StatusCode = 406;
            return;
        }
        var document = _swagger.Json;
        // The whole is big: it says of itself that it comes in either form.
        context.Response.Headers.Append("Vary", "Accept-Encoding");
        context.Response.Headers.Append("Vary", "Accept");
        if (IsKnown(context, document.Hash))
            return;
        if (form is ProtobufAsked or Protobuf)
            await Answers.WriteAsync(context, 200, _swagger.Protobuf, Protobuf);
        else
            await Answers.WriteAsync(context, 200, document.Json);
    }

    private static async Task WriteGroupAsync(HttpContext context, string path, OpenApiDocument document)
    {
        context.Response.Headers.Vary = "Accept";
        var asked = context.Request.Query["hash"].ToString();
        if (asked.Length > 0 && asked != document.Hash)
        {
            context.Response.Headers.Location = GroupDocuments.Url(path, document.Hash);
            context.Response.Headers.ETag = $"\"{document.Hash}\"";
            await Answers.WriteAsync(context, 301, ReadOnlyMemory<byte>.Empty);
            return;
        }
        // What is asked for by its hash never changes.
        if (asked.Length > 0)
            context.Response.Headers.CacheControl = "public, immutable";
        if (!IsKnown(context, document.Hash))
            await Answers.WriteAsync(context, 200, document.Json);
    }

    /// <summary>Names the version of an answer; true when the client has it and 304 is the answer.</summary>
    public static bool IsKnown(HttpContext context, string hash)
    {
        var tag = $"\"{hash}\"";
        context.Response.Headers.ETag = tag;
        if (!context.Request.Headers.IfNoneMatch.Contains(tag))
            return false;
        context.Response.StatusCode = 304;
        if (context.Response.Headers.CacheControl.Count == 0)
            context.Response.Headers.CacheControl = "no-cache, private";
        return true;
    }
}
