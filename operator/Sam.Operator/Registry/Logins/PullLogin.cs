using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Tokens;

namespace Sam.Operator.Registry.Logins;

/// <summary>The login inside a pull Secret: which entry of which Project it is for, what it may pull, and until when.</summary>
/// <param name="Namespace">Namespace of the Project.</param>
/// <param name="Project">Name of the Project.</param>
/// <param name="ProjectUid">UID of the Project: another one of the same name has no part in it.</param>
/// <param name="Entry">Name of the entry.</param>
/// <param name="Host">The only registry it is for.</param>
/// <param name="Repositories">What it may pull.</param>
/// <param name="ExpiresAt">Its end.</param>
internal sealed record PullLogin(
    string Namespace,
    string Project,
    string ProjectUid,
    string Entry,
    string Host,
    ImmutableArray<string> Repositories,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>The user's name beside it; the endpoint reads the password alone.</summary>
    public const string User = "sam";

    private const string Type = "sam-pull+jwt"; // a type of its own, so that neither a registry nor this endpoint takes one for the other
    private const string Audience = "sam-registry-pull";

    /// <summary>Who it is.</summary>
    public string Subject => $"project:{Namespace}/{Project}/{Entry}";

    /// <summary>Signs it.</summary>
    public string Sign(SigningKey key, DateTimeOffset now) =>
        JsonWebToken.Sign(
            key,
            Type,
            KeyReference.Thumbprint,
            new JsonObject
            {
                ["aud"] = Audience,
                ["sub"] = Subject,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = ExpiresAt.ToUnixTimeSeconds(),
                ["namespace"] = Namespace,
                ["project"] = Project,
                ["uid"] = ProjectUid,
                ["entry"] = Entry,
                ["host"] = Host,
                ["repositories"] = new JsonArray([.. Repositories.Select(name => (JsonNode)name)]),
            }
        );

    /// <summary>Reads a password; null if it is no login of ours, or its time is over.</summary>
    public static PullLogin? Read(string password, KeyRing ring, DateTimeOffset now)
    {
        if (JsonWebToken.Verify(password, Type, ring) is not { } claims || JsonWebToken.Text(claims, "aud") != Audience)
            return null;
        if (JsonWebToken.Time(claims, "exp") is not { } expiresAt || expiresAt <= now)
            return null;
        string Text(string name) => JsonWebToken.Text(claims, name) ?? "";
        var repositories = claims["repositories"] as JsonArray ?? [];
        return new PullLogin(
            Text("namespace"),
            Text("project"),
            Text("uid"),
            Text("entry"),
            Text("host"),
            [.. repositories.Select(name => name!.GetValue<string>())],
            expiresAt
        );
    }

    /// <summary>Whether a password claims to be one; proves nothing.</summary>
    public static bool IsMeant(string password) =>
        JsonWebToken.Peek(password) is { } claims && JsonWebToken.Text(claims, "aud") == Audience;
}
