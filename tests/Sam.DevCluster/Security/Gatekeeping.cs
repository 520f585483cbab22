using System.Text.Json.Nodes;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Controllers;

namespace Sam.DevCluster.Security;

/// <summary>Everything about who may do what, wired.</summary>
internal sealed class Gatekeeping : IDisposable
{
    public Gatekeeping(ObjectWriter writer, UserInfo administrator, string administratorToken, bool isEnforced, KeepSecret keep)
    {
        Keys = new JsonWebTokens(keep);
        Accounts = new ServiceAccountTokens(writer.Store, Keys, writer.Time);
        Grants = new RoleGrants(writer.Store);
        Authorizer = new RbacAuthorizer(Grants);
        var authenticator = new Authenticator(Accounts, administrator, administratorToken);
        Guard = new AccessGuard(authenticator, Authorizer, isEnforced);
        Tokens = new TokenRequests(writer.Store, writer.Catalog, Accounts, writer.Time);
        Identities = new IdentityReviews(authenticator, writer.Time);
        Reviews = new AccessReviews(Authorizer, isEnforced, writer.Time);
    }

    public JsonWebTokens Keys { get; }

    public ServiceAccountTokens Accounts { get; }

    public RoleGrants Grants { get; }

    public RbacAuthorizer Authorizer { get; }

    public AccessGuard Guard { get; }

    public TokenRequests Tokens { get; }

    public IdentityReviews Identities { get; }

    public AccessReviews Reviews { get; }

    /// <summary>The OpenID document that names the issuer and where its keys are.</summary>
    public static JsonObject Discovery(HttpContext context) =>
        new()
        {
            ["issuer"] = ServiceAccountTokens.Issuer,
            ["jwks_uri"] = $"https://{context.Request.Host.Value}/openid/v1/jwks",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
        };

    public void Dispose() => Keys.Dispose();
}
