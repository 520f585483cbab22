using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Security;

/// <summary>Mints tokens for service accounts and says whose token a text is.</summary>
internal sealed class ServiceAccountTokens(ObjectStore store, JsonWebTokens tokens, TimeProvider time)
{
    /// <summary>The issuer, which is also the audience of the API itself.</summary>
    public const string Issuer = "https://kubernetes.default.svc";

    private const string LegacyIssuer = "kubernetes/serviceaccount";

    private const string Legacy = LegacyIssuer + "/";

    // Kinds that a token can be bound to: it ends with them.
    private static readonly string[] BoundKinds = ["pod", "secret", "node"];

    public string Mint(
        StoredObject account,
        IEnumerable<string> audiences,
        DateTimeOffset expires,
        (string Kind, string Name, string Uid)? bound
    )
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var about = new JsonObject { ["namespace"] = account.Namespace };
        if (bound is var (kind, name, uid))
            about[kind.ToLowerInvariant()] = new JsonObject { ["name"] = name, ["uid"] = uid };
        about["serviceaccount"] = new JsonObject { ["name"] = account.Name, ["uid"] = account.Uid };
        return tokens.Sign(
            new JsonObject
            {
                ["aud"] = new JsonArray([.. audiences.Select(audience => (JsonNode?)audience)]),
                ["exp"] = expires.ToUnixTimeSeconds(),
                ["iat"] = now,
                ["iss"] = Issuer,
                ["jti"] = Guid.NewGuid().ToString(),
                ["kubernetes.io"] = about,
                ["nbf"] = now,
                ["sub"] = Subject(account.Namespace, account.Name),
            }
        );
    }

    /// <summary>The token of an old-style Secret: no end, good for as long as the Secret holds it.</summary>
    public string MintLegacy(StoredObject account, string secret) =>
        tokens.Sign(
            new JsonObject
            {
                ["iss"] = LegacyIssuer,
                [Legacy + "namespace"] = account.Namespace,
                [Legacy + "secret.name"] = secret,
                [Legacy + "service-account.name"] = account.Name,
                [Legacy + "service-account.uid"] = account.Uid,
                ["sub"] = Subject(account.Namespace, account.Name),
            }
        );

    /// <summary>Whose token this is and which of the audiences it is for; null when it is no good here.</summary>
    public (UserInfo User, IReadOnlyList<string> Audiences)? Check(string token, IReadOnlyCollection<string> audiences)
    {
        if (tokens.Read(token) is not { } claims)
            return null;
        if (claims.Text("iss") == LegacyIssuer)
            return CheckLegacy(token, claims, audiences);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var shared = claims.Child("aud").Strings().Where(audiences.Contains).ToList();
        var about = claims.Object("kubernetes.io");
        if (
            claims.Text("iss") != Issuer
            || shared.Count == 0
            || !claims.Child("exp").TryInteger(out var end)
            || end <= now
            || FindAccount(about.Text("namespace"), about.At("serviceaccount", "name"), about.At("serviceaccount", "uid"))
                is not { } account
        )
            return null;
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var kind in BoundKinds)
        {
            if (about.Object(kind) is not { } bound)
                continue;
            if (!Exists(kind, kind == "node" ? "" : account.Namespace, bound))
                return null;
            if (kind == "secret")
                continue;
            extra[$"authentication.kubernetes.io/{kind}-name"] = [bound.Text("name")!];
            extra[$"authentication.kubernetes.io/{kind}-uid"] = [bound.Text("uid")!];
        }
        extra[UserInfo.CredentialId] = [$"JTI={claims.Text("jti")}"];
        return (UserOf(account, extra), shared);
    }

    private (UserInfo User, IReadOnlyList<string> Audiences)? CheckLegacy(
        string token,
        JsonObject claims,
        IReadOnlyCollection<string> audiences
    )
    {
        var account = FindAccount(
            claims.Text(Legacy + "namespace"),
            claims.Child(Legacy + "service-account.name"),
            claims.Child(Legacy + "service-account.uid")
        );
        if (account is null || !audiences.Contains(Issuer))
            return null;
        var secret = store.Get("secrets", account.Namespace, claims.Text(Legacy + "secret.name") ?? "");
        var held = secret is null or { IsDeleting: true } ? null : secret.Read().At("data", "token").Text();
        if (held is null || held != Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(token)))
            return null;
        return (UserOf(account, null), [Issuer]);
    }

    private StoredObject? FindAccount(string? @namespace, JsonNode? name, JsonNode? uid) =>
        store.Get("serviceaccounts", @namespace ?? "", name.Text() ?? "") is { IsDeleting: false } account
        && account.Uid == uid.Text()
            ? account
            : null;

    private bool Exists(string kind, string @namespace, JsonObject bound) =>
        store.Get(kind + "s", @namespace, bound.Text("name") ?? "") is { IsDeleting: false } found
        && found.Uid == bound.Text("uid");

    private static UserInfo UserOf(StoredObject account, IReadOnlyDictionary<string, IReadOnlyList<string>>? extra) =>
        UserInfo.Of(Subject(account.Namespace, account.Name), GroupsOf(account.Namespace), account.Uid, extra);

    public static string[] GroupsOf(string @namespace) => ["system:serviceaccounts", "system:serviceaccounts:" + @namespace];

    public static string Subject(string @namespace, string name) => $"system:serviceaccount:{@namespace}:{name}";
}
