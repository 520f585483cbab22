using Sam.DevCluster.Authorization;
using Sam.DevCluster.Http;

namespace Sam.DevCluster.Security;

/// <summary>The <c>Impersonate-</c> headers: each value needs the verb impersonate.</summary>
internal sealed class Impersonation(RbacAuthorizer authorizer)
{
    private const string ExtraHeader = "Impersonate-Extra-";

    /// <summary>Who the request acts as: the sender itself without such headers.</summary>
    public UserInfo Apply(HttpContext context, UserInfo sender)
    {
        var headers = context.Request.Headers;
        var user = headers["Impersonate-User"].ToString();
        var uid = headers["Impersonate-Uid"].ToString();
        var groups = headers["Impersonate-Group"].OfType<string>().Where(group => group.Length > 0).ToList();
        var extra = headers
            .Where(header => header.Key.StartsWith(ExtraHeader, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                header => Uri.UnescapeDataString(header.Key[ExtraHeader.Length..].ToLowerInvariant()),
                header => (IReadOnlyList<string>)[.. header.Value.OfType<string>()]
            );
        if (user.Length == 0)
            return uid.Length == 0 && groups.Count == 0 && extra.Count == 0 ? sender : throw WithoutUser(uid, groups, extra);
        var account = user.Split(':') is ["system", "serviceaccount", var @namespace, var name] ? (@namespace, name) : default;
        Require(sender, account.name is null ? Ask("users", user) : Ask("serviceaccounts", account.name, account.@namespace));
        foreach (var group in groups)
            Require(sender, Ask("groups", group));
        foreach (var (key, values) in extra)
        foreach (var value in values)
            Require(sender, Ask("userextras", value, group: "authentication.k8s.io") with { Subresource = key });
        if (uid.Length > 0)
            Require(sender, Ask("uids", uid, group: "authentication.k8s.io"));
        if (account.name is not null && groups.Count == 0)
            groups.AddRange(ServiceAccountTokens.GroupsOf(account.@namespace));
        return UserInfo.Of(user, groups, uid, extra);
    }

    private static AccessRequest Ask(string resource, string name, string @namespace = "", string group = "") =>
        new("impersonate")
        {
            Group = group,
            Resource = resource,
            Namespace = @namespace,
            Name = name,
        };

    private void Require(UserInfo sender, AccessRequest asked)
    {
        var decision = authorizer.Decide(sender, asked);
        if (!decision.IsAllowed)
            throw Denials.Forbidden(sender, asked, decision.Reason);
    }

    private static StatusException WithoutUser(string uid, List<string> groups, Dictionary<string, IReadOnlyList<string>> extra)
    {
        static string List(IEnumerable<string> values) =>
            "[]string{" + string.Join(", ", values.Select(value => $"\"{value}\"")) + "}";
        var shown = groups.Count == 0 ? "[]string(nil)" : List(groups);
        var extras =
            extra.Count == 0
                ? "map[string][]string(nil)"
                : $"map[string][]string{{{string.Join(", ", extra.Select(pair => $"\"{pair.Key}\":{List(pair.Value)}"))}}}";
        return Failures.BadRequest(
            $"requested &user.DefaultInfo{{Name:\"\", UID:\"{uid}\", Groups:{shown}, Extra:{extras}}} without impersonating a user name"
        );
    }
}
