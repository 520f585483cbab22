using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Aggregation;

/// <summary>The ConfigMap from which extension servers learn whom to trust.</summary>
internal static class ExtensionAuthentication
{
    private const string Name = "extension-apiserver-authentication";

    public static void Publish(ObjectWriter writer, ClusterCertificates certificates)
    {
        var type = writer.Catalog.Find("", "v1", "configmaps")!;
        var data = new JsonObject
        {
            ["client-ca-file"] = certificates.AuthorityPem + "\n",
            ["requestheader-allowed-names"] = Lines(ClusterCertificates.ProxyName),
            ["requestheader-client-ca-file"] = certificates.ProxyAuthorityPem + "\n",
            ["requestheader-extra-headers-prefix"] = Lines("X-Remote-Extra-"),
            ["requestheader-group-headers"] = Lines("X-Remote-Group"),
            ["requestheader-uid-headers"] = Lines("X-Remote-Uid"),
            ["requestheader-username-headers"] = Lines("X-Remote-User"),
        };
        if (writer.Store.Get(type.Shelf, "kube-system", Name) is null)
            writer.Create(
                type,
                "kube-system",
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["metadata"] = new JsonObject { ["name"] = Name },
                    ["data"] = data,
                },
                WriteOptions.Internal
            );
        else
            writer.Update(
                type,
                "kube-system",
                Name,
                "",
                node =>
                {
                    node["data"] = data.DeepClone();
                    return node;
                },
                WriteOptions.Internal
            );
    }

    private static string Lines(string value) => new JsonArray(value).ToText();
}
