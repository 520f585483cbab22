using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Http;

/// <summary>A path below a resource: what, where, which, and which part of it.</summary>
internal sealed record RequestTarget(ResourceType Type, string Namespace, string Name, string Subresource, bool IsOldWatch)
{
    /// <summary>Null when the path names no resource that is served.</summary>
    public static RequestTarget? Parse(ResourceCatalog catalog, string group, string version, ReadOnlySpan<string> rest)
    {
        var isWatch = rest.Length > 1 && rest[0] == "watch";
        if (isWatch)
            rest = rest[1..];
        var @namespace = "";
        if (
            rest.Length > 2
            && rest[0] == "namespaces"
            && !(group.Length == 0 && rest.Length == 3 && rest[2] is "status" or "finalize")
        )
        {
            @namespace = rest[1];
            rest = rest[2..];
        }
        if (rest.Length == 0)
            return null;
        var type = catalog.Find(group, version, rest[0]);
        // Below a subresource of a custom resource the path is not looked at.
        if (rest.Length > 3 && type is not { IsCustom: true })
            return null;
        if (type is null || (type.Namespaced ? @namespace.Length == 0 && rest.Length > 1 : @namespace.Length > 0))
            return null;
        var name = rest.Length > 1 ? rest[1] : "";
        return new RequestTarget(type, @namespace, name, rest.Length > 2 ? rest[2] : "", isWatch);
    }
}
