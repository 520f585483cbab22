using Sam.DevCluster.Http;

namespace Sam.DevCluster.Authorization;

/// <summary>What a request wants to do, read from its method and path alone, whether or not the resource exists.</summary>
internal sealed record AccessRequest(string Verb)
{
    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string Path { get; init; } = "";

    public bool IsResource => Resource.Length > 0;

    /// <summary>The resource with its subresource, as rules name it.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static AccessRequest Read(HttpRequest request)
    {
        var path = request.Path.Value!;
        var parts = path.Trim('/').Split('/');
        return parts switch
        {
            ["api", var version, .. { Length: > 0 } rest] => OfResource(request, "", version, rest),
            ["apis", var group, var version, .. { Length: > 0 } rest] => OfResource(request, group, version, rest),
            _ => new AccessRequest(request.Method.ToLowerInvariant()) { Path = path },
        };
    }

    private static AccessRequest OfResource(HttpRequest request, string group, string version, ReadOnlySpan<string> rest)
    {
        var isOldWatch = rest.Length > 1 && rest[0] == "watch";
        if (isOldWatch)
            rest = rest[1..];
        var @namespace = "";
        if (rest[0] == "namespaces" && rest.Length > 1)
        {
            @namespace = rest[1];
            if (rest.Length > 2 && rest[2] is not ("status" or "finalize"))
                rest = rest[2..];
        }
        var name = rest.Length > 1 ? rest[1] : "";
        var query = request.Query;
        var isCollection = name.Length == 0;
        if (isCollection)
            name = NameIn(query["fieldSelector"].ToString());
        return new AccessRequest(VerbOf(request.Method, isCollection, isOldWatch || query["watch"].ToString() is "true" or "1"))
        {
            Group = group,
            Version = version,
            Resource = rest[0],
            Subresource = rest.Length > 2 ? rest[2] : "",
            Namespace = @namespace,
            Name = name,
        };
    }

    private static string VerbOf(string method, bool isCollection, bool isWatch) =>
        method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isCollection ? "deletecollection" : "delete",
            "GET" or "HEAD" when !isCollection => "get",
            "GET" or "HEAD" => isWatch ? "watch" : "list",
            _ => method.ToLowerInvariant(),
        };

    // A list of one name asks for that name only.
    private static string NameIn(string selector)
    {
        var found = selector
            .Split(',')
            .Select(part => part.Split('=', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(part => part.Length == 2 && part[0] == "metadata.name");
        return found?[1] ?? "";
    }
}

/// <summary>Refusals for want of permission.</summary>
internal static class Denials
{
    public static StatusException Forbidden(Security.UserInfo user, AccessRequest asked, string reason)
    {
        var why = reason.Length == 0 ? "" : ": " + reason;
        if (!asked.IsResource)
            return new StatusException(
                403,
                "Forbidden",
                $"forbidden: User \"{user.Name}\" cannot {asked.Verb} path \"{asked.Path}\"{why}",
                []
            );
        var qualified = asked.Group.Length == 0 ? asked.Resource : $"{asked.Resource}.{asked.Group}";
        var named = asked.Name.Length == 0 ? qualified : $"{qualified} \"{asked.Name}\"";
        var where = asked.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{asked.Namespace}\"";
        return Failures.ForbiddenResource(
            asked.Group,
            asked.Resource,
            asked.Name,
            $"{named} is forbidden: User \"{user.Name}\" cannot {asked.Verb} resource \"{asked.FullResource}\" in API group \"{asked.Group}\" {where}{why}"
        );
    }
}
