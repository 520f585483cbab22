using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Controllers;

namespace Sam.DevCluster.Security;

/// <summary>Everything about who may do what, wired.</summary>
internal sealed class Gatekeeping : IDisposable
{
    private readonly BackendConnections _connections = new(certificate: null);
    private readonly EscalationCheck? _escalation;
    private readonly Webhooks _webhooks;

    public Gatekeeping(ObjectWriter writer, UserInfo administrator, string administratorToken, DevClusterOptions options)
    {
        var isEnforced = options.Rbac;
        Accounts = new ServiceAccountTokens(writer.Store, Keys, writer.Time);
        Grants = new RoleGrants(writer.Store);
        Authorizer = new RbacAuthorizer(Grants);
        _escalation = isEnforced ? new EscalationCheck(Authorizer, Grants) : null;
        _webhooks = new Webhooks(
            new WebhookRegistry(writer.Store),
            new WebhookMatcher(writer.Store, writer.Catalog),
            new WebhookClient(_connections, options.Services)
        );
        var authenticator = new Authenticator(Accounts, administrator, administratorToken);
        Guard = new AccessGuard(authenticator, Authorizer, isEnforced);
        Tokens = new TokenRequests(writer.Store, writer.Catalog, Accounts, writer.Time);
        Identities = new IdentityReviews(authenticator, writer.Time);
        Reviews = new AccessReviews(Authorizer, isEnforced, writer.Time);
    }

    public JsonWebTokens Keys { get; } = new();

    public ServiceAccountTokens Accounts { get; }

    public RoleGrants Grants { get; }

    public RbacAuthorizer Authorizer { get; }

    private AccessGuard Guard { get; }

    public TokenRequests Tokens { get; }

    public IdentityReviews Identities { get; }

    public AccessReviews Reviews { get; }

    /// <summary>Leaves the user and the gate for writes in the request, or refuses it.</summary>
    public void Admit(HttpContext context)
    {
        Guard.Admit(context);
        if (context.Request.Method is not ("GET" or "HEAD"))
            context.Features.Set<IWriteGate>(new WebhookGate(context, _webhooks, _escalation));
    }

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

    public void Dispose()
    {
        _connections.Dispose();
        Keys.Dispose();
    }
}
