using Sam.Runtime.Transport;

namespace Sam.Testing.Operators;

/// <summary>What Kubernetes' authorizer is asked for a request.</summary>
/// <param name="Verb">get, list, watch, create, update, patch or delete.</param>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Plural name, with a subresource behind a slash.</param>
/// <param name="Namespace">Namespace; empty for all of them.</param>
/// <param name="Name">Name; empty for a collection, and for a create, whose name no authorizer sees.</param>
public sealed record ApiRequest(string Verb, string Group, string Resource, string Namespace, string Name)
{
    internal static ApiRequest Of(TransportRequest request)
    {
        var (path, query) = request.Path.Split('?', 2) is [var left, var right] ? (left, right) : (request.Path, "");
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var group = parts[0] == "api" ? "" : parts[1];
        var rest = parts[(parts[0] == "api" ? 2 : 3)..];
        var home = rest is ["namespaces", var @namespace, _, ..] ? @namespace : "";
        rest = home.Length > 0 ? rest[2..] : rest;
        var name = rest.ElementAtOrDefault(1) ?? "";
        var resource = rest.ElementAtOrDefault(2) is { } part ? $"{rest[0]}/{part}" : rest[0];
        return new ApiRequest(VerbOf(request.Method, name, query), group, resource, home, name);
    }

    private static string VerbOf(HttpMethod method, string name, string query) =>
        method.Method switch
        {
            "GET"
                when query.Contains("watch=true", StringComparison.Ordinal)
                    || query.Contains("watch=1", StringComparison.Ordinal) => "watch",
            "GET" => name.Length > 0 ? "get" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
            var other => throw new InvalidOperationException($"{other} has no verb"),
        };
}
