using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>A subresource as discovery lists it.</summary>
/// <param name="Name">Its name below the object.</param>
/// <param name="Kind">The kind that is read or written there.</param>
/// <param name="Verbs">What it takes.</param>
/// <param name="Group">The group of that kind where it is another one than the object's.</param>
/// <param name="Version">The version of that kind, likewise.</param>
internal sealed record ServedPart(string Name, string Kind, string[] Verbs, string? Group = null, string? Version = null)
{
    private static readonly string[] ReadAndWrite = ["get", "patch", "update"];
    private static readonly string[] Proxied = ["create", "delete", "get", "patch", "update"];

    /// <summary>The subresources of a kind, in the order of the real server.</summary>
    public static IEnumerable<ServedPart> Of(ResourceType type)
    {
        var parts = new List<ServedPart>();
        if (type is { Kind: "Namespace", IsCustom: false })
            parts.Add(new ServedPart("finalize", type.Kind, ["update"]));
        if (type.Scale is not null)
            parts.Add(new ServedPart("scale", "Scale", ReadAndWrite, "autoscaling", "v1"));
        if (type is { Kind: "ServiceAccount", IsCustom: false })
            parts.Add(new ServedPart("token", "TokenRequest", ["create"], "authentication.k8s.io", "v1"));
        if (type.HasStatus)
            parts.Add(new ServedPart("status", type.Kind, ReadAndWrite));
        if (type.IsCustom)
            parts.Reverse(); // definitions list status first
        else
            parts.AddRange(OfNodes(type.QualifiedName));
        return type.IsCustom ? parts : parts.OrderBy(part => part.Name, StringComparer.Ordinal);
    }

    private static ServedPart[] OfNodes(string resource) =>
        resource switch
        {
            "nodes" => [new("proxy", "NodeProxyOptions", Proxied)],
            "services" => [new("proxy", "ServiceProxyOptions", Proxied)],
            "pods" =>
            [
                new("attach", "PodAttachOptions", ["create", "get"]),
                new("binding", "Binding", ["create"]),
                new("ephemeralcontainers", "Pod", ReadAndWrite),
                new("eviction", "Eviction", ["create"], "policy", "v1"),
                new("exec", "PodExecOptions", ["create", "get"]),
                new("log", "Pod", ["get"]),
                new("portforward", "PodPortForwardOptions", ["create", "get"]),
                new("proxy", "PodProxyOptions", Proxied),
                new("resize", "Pod", ReadAndWrite),
            ],
            _ => [],
        };
}
