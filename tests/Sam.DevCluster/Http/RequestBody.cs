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
        while ((read = await ReadAsync(context, chunk)) > 0)
        {
            if (buffer.Length + read > Limit)
                throw new StatusException(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    private static async Task<int> ReadAsync(HttpContext context, Memory<byte> chunk)
    {
        try
        {
            return await context.Request.Body.ReadAsync(chunk, context.RequestAborted);
        }
        catch (IOException fault)
        {
            throw new ClientGoneException(fault);
        }
    }

    /// <summary>An object of the type, with apiVersion and kind checked and filled in.</summary>
    public static JsonObject Decode(
        byte[] body,
        string contentType,
        ResourceType type,
        List<string> duplicates,
        WriteOptions? options = null
    )
    {
        var parsed = Parse(body, contentType, duplicates, type.Kind, joinsMaps: !type.IsCustom);
        if (parsed is not (JsonObject or null))
            throw Unrecognized(
                type.Kind,
                $"couldn't get version/kind; json parse error: json: cannot unmarshal {GoName(parsed)} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}",
                body
            );
        var node = parsed as JsonObject ?? [];
        var (apiVersion, kind) = (node.Text("apiVersion"), node.Text("kind"));
        if (string.IsNullOrEmpty(kind) && type.IsCustom)
            throw Unrecognized(type.Kind, $"Object 'Kind' is missing in '{Encoding.UTF8.GetString(body)}'", body);
        if ((apiVersion ?? (type.IsCustom ? "" : type.ApiVersion)) != type.ApiVersion)
        {
            if (type.IsCustom && options?.FieldValidation == "Warn")
                options.Warnings.AddRange(UnknownElsewhere(node));
            throw Failures.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})"
            );
        }
        if (node.ContainsKey("metadata") && node["metadata"] is not (null or JsonObject))
            throw Failures.BadRequest(
                $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: json: cannot unmarshal {GoName(node["metadata"])} into Go value of type v1.ObjectMeta"
            );
        if (type.IsCustom)
            return node; // another kind is refused when the object is checked
        if ((kind ?? type.Kind) != type.Kind)
            throw Failures.BadRequest(
                $"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: converting ({apiVersion}.{kind}) to ({type.ApiVersion}.{type.Kind}): unknown conversion"
            );
        node["apiVersion"] = type.ApiVersion;
        node["kind"] = type.Kind;
        return node;
    }

    // A version that is not served has no schema: it knows no field.
    private static IEnumerable<string> UnknownElsewhere(JsonObject node) =>
        node.Select(field => field.Key)
            .Where(name => name is not ("apiVersion" or "kind" or "metadata"))
            .Order(StringComparer.Ordinal)
            .Select(name => $"unknown field \"{name}\"");

    private static StatusException Unrecognized(string kind, string why, byte[] body) =>
        Failures.BadRequest($"the object provided is unrecognized (must be of type {kind}): {why} ({Summary(body)})");

    private static string Summary(byte[] body)
    {
        const int most = 30;
        var start = body.AsSpan(0, Math.Min(body.Length, most));
        var end = body.Length > most ? " ..." : "";
        if (body.Length == 0)
            return "<empty>";
        return (body[0] == '{' ? Encoding.UTF8.GetString(start) : Convert.ToHexStringLower(start)) + end;
    }

    private static string GoText(string message) =>
        message.Replace("While parsing a node, ", "", StringComparison.Ordinal).TrimEnd('.');

    public static string GoName(JsonNode? node) =>
        node.KindOf() switch
        {
            JsonKind.Array => "array",
            JsonKind.Boolean => "bool",
            JsonKind.String => "string",
            JsonKind.Object => "object",
            _ => "number",
        };

    /// <summary>The document of a patch.</summary>
    public static JsonNode? ParsePatch(byte[] body, string media, List<string> duplicates)
    {
        try
        {
            return Read(body, media, duplicates, joinsMaps: false);
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            var why = GoJsonFault.Describe(body, fault.Message);
            throw Failures.BadRequest(media == "application/strategic-merge-patch+json" ? why : $"error decoding patch: {why}");
        }
    }

    /// <summary>A document; where a kind is named, refusals say that the body is none of it.</summary>
    public static JsonNode? Parse(
        byte[] body,
        string contentType,
        List<string>? duplicates,
        string? kind = null,
        bool joinsMaps = false
    )
    {
        try
        {
            return Read(body, contentType.Split(';')[0].Trim(), duplicates, joinsMaps);
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            var why = fault switch
            {
                YamlException yaml => $"yaml: line {Math.Max(1, yaml.Start.Line - 1)}: {GoText(yaml.Message)}",
                FormatException => fault.Message,
                _ => $"couldn't get version/kind; json parse error: {GoJsonFault.Describe(body, fault.Message)}",
            };
            throw kind is null ? Failures.BadRequest(why) : Unrecognized(kind, why, body);
        }
    }

    private static bool IsUnreadable(Exception fault) =>
        fault is JsonException or YamlException or FormatException or InvalidOperationException or ArgumentException;

    private static JsonNode? Read(byte[] body, string media, List<string>? duplicates, bool joinsMaps)
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
                return JsonReading.Parse(body, duplicates, joinsMaps);
            case "application/vnd.kubernetes.protobuf":
                return ProtobufReading.Parse(body);
            default:
                throw Failures.UnsupportedMediaType(
                    $"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
                );
        }
    }
}
