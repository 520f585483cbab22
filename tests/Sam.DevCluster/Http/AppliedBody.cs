using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using YamlDotNet.Core;

namespace Sam.DevCluster.Http;

/// <summary>Reads the document of a server-side apply.</summary>
internal static class AppliedBody
{
    public static JsonObject Decode(byte[] bytes, RequestTarget target)
    {
        var applied = Read(bytes);
        var (apiVersion, kind) = (applied.Text("apiVersion") ?? "", applied.Text("kind") ?? "");
        if (target is { Subresource: "scale", Type.IsCustom: true } && kind == "Scale")
            throw new StatusException(
                500,
                null,
                $"failed to convert new object ({applied.Namespace()}/{applied.Name()}; {apiVersion}, Kind={kind}) to proper version: request to convert CR to an invalid group/version: {apiVersion}"
            );
        if (apiVersion != target.Type.ApiVersion || kind != target.Type.Kind)
            throw Failures.BadRequest($"invalid object type: {(apiVersion.Contains('/') ? "" : "/")}{apiVersion}, Kind={kind}");
        if (applied.Object("metadata").Array("managedFields") is { Count: > 0 })
            throw Failures.BadRequest("metadata.managedFields must be nil");
        if (applied.Name().Length == 0)
            throw Failures.BadRequest(
                $"the name of the object ({target.Name} based on URL) was undeterminable: name must be provided"
            );
        if (applied.Name() != target.Name)
            throw Failures.BadRequest(
                $"the name of the object ({applied.Name()}) does not match the name on the URL ({target.Name})"
            );
        if (target.Type.Namespaced && applied.Namespace() is { Length: > 0 } given && given != target.Namespace)
            throw Failures.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        return applied;
    }

    private static JsonObject Read(byte[] bytes)
    {
        try
        {
            return YamlReading.Parse(Encoding.UTF8.GetString(bytes)) as JsonObject ?? [];
        }
        catch (Exception fault) when (fault is YamlException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw Failures.BadRequest($"error decoding YAML: error converting YAML to JSON: yaml: {fault.Message}");
        }
    }
}
