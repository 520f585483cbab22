using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>What the values of secrets of known types must hold.</summary>
internal static class SecretContents
{
    /// <summary>The files of docker must be JSON; refusals never show what they hold.</summary>
    public static IEnumerable<FieldError> Check(JsonObject node, string type)
    {
        var key = type switch
        {
            "kubernetes.io/dockerconfigjson" => ".dockerconfigjson",
            "kubernetes.io/dockercfg" => ".dockercfg",
            _ => "",
        };
        if (Value(node, key) is { } content && GoJsonFault.Find(content) is { } why)
            yield return FieldError.Invalid($"data[{key}]", "<secret contents redacted>", why);
    }

    public static IEnumerable<string> Warnings(JsonObject node)
    {
        if (
            node.Text("type") == "kubernetes.io/tls"
            && Value(node, "tls.crt") is { } certificate
            && certificate.AsSpan().IndexOf("-----BEGIN "u8) < 0
        )
            yield return "tls: failed to find any PEM data in certificate input";
    }

    private static byte[]? Value(JsonObject node, string key) =>
        node.At("data", key).Text() is { } text ? Convert.FromBase64String(text) : null;
}
