using System.Text.Json.Nodes;

namespace Sam.DevCluster.Security;

/// <summary>Who sends a request.</summary>
internal sealed record UserInfo(
    string Name,
    string Uid,
    IReadOnlyList<string> Groups,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Extra
)
{
    public const string Masters = "system:masters";

    public const string CredentialId = "authentication.kubernetes.io/credential-id";

    private const string Authenticated = "system:authenticated";

    private const string Unauthenticated = "system:unauthenticated";

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoExtra =
        new Dictionary<string, IReadOnlyList<string>>();

    public static readonly UserInfo Anonymous = new("system:anonymous", "", [Unauthenticated], NoExtra);

    public bool IsMaster { get; } = Groups.Contains(Masters);

    /// <summary>Somebody whose credentials were accepted.</summary>
    public static UserInfo Of(
        string name,
        IEnumerable<string> groups,
        string uid = "",
        IReadOnlyDictionary<string, IReadOnlyList<string>>? extra = null
    )
    {
        var known = groups.ToList();
        if (!known.Contains(Authenticated) && !known.Contains(Unauthenticated))
            known.Add(name == Anonymous.Name ? Unauthenticated : Authenticated);
        return new UserInfo(name, uid, known, extra ?? NoExtra);
    }

    /// <summary>The form in reviews and in admission requests.</summary>
    public JsonObject ToJson()
    {
        var node = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
            node["uid"] = Uid;
        node["groups"] = Strings(Groups);
        if (Extra.Count > 0)
            node["extra"] = new JsonObject([
                .. Extra.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Strings(pair.Value))),
            ]);
        return node;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
