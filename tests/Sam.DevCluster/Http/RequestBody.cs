using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using YamlDotNet.Core;

namespace Sam.DevCluster.Http;

/// <summary>Reads and decodes request bodies.</summary>
internal static class RequestBody
{
    private const int Limit = 3 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Limit)
                throw new StatusException(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    /// <summary>An object of the type, with apiVersion and kind checked and filled in.</summary>
    public static JsonObject Decode(byte[] body, string contentType, ResourceType type, List<string> duplicates)
    {
        var node =
            Parse(body, contentType, duplicates) as JsonObject
            ?? throw Failures.BadRequest(
                "the object provided is unrecognized (must be of type " + type.Kind + "): the body is no object"
            );
        var (apiVersion, kind) = (node.Text("apiVersion"), node.Text("kind"));
        if (string.IsNullOrEmpty(kind) && type.IsCustom)
            throw Failures.BadRequest($"Object 'Kind' is missing in '{Encoding.UTF8.GetString(body)}'");
        if (string.IsNullOrEmpty(apiVersion) && type.IsCustom)
            throw Failures.BadRequest($"Object 'apiVersion' is missing in '{Encoding.UTF8.GetString(body)}'");
        if ((apiVersion ?? type.ApiVersion) != type.ApiVersion)
            throw Failures.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})"
            );
        if ((kind ?? type.Kind) != type.Kind)
            throw Failures.BadRequest(
                $"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: converting ({apiVersion}.{kind}) to ({type.ApiVersion}.{type.Kind}): unknown conversion"
            );
        node["apiVersion"] = type.ApiVersion;
        node["kind"] = type.Kind;
        if (node.ContainsKey("metadata") && node["metadata"] is not (null or JsonObject))
            throw Failures.BadRequest("json: cannot unmarshal into Go struct field .metadata of type v1.ObjectMeta");
        return node;
    }

    public static JsonNode? Parse(byte[] body, string contentType, List<string>? duplicates)
    {
        var media = contentType.Split(';')[0].Trim();
        try
        {
            switch (media)
            {
                case "application/yaml" or "application/vnd.kubernetes.yaml" or "application/apply-patch+yaml":
                    return YamlReading.Parse(Encoding.UTF8.GetString(body));
                case ""
                or "application/json"
                or "application/json-patch+json"
                or "application/merge-patch+json"
                or "application/strategic-merge-patch+json":
                    return JsonReading.Parse(body, duplicates);
                case "application/vnd.kubernetes.protobuf":
                    return ProtobufReading.Parse(body);
                default:
                    throw Failures.UnsupportedMediaType(
                        $"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
                    );
            }
        }
        catch (Exception fault)
            when (fault is JsonException or YamlException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw Failures.BadRequest($"couldn't get version/kind; json parse error: {fault.Message}");
        }
    }
}
