using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Security;

/// <summary>Everything about who may do what, wired.</summary>
internal sealed class Gatekeeping : IDisposable
{
    private readonly BackendConnections _connections = new(certificate: null);
    private readonly Permissions? _permissions;
    private readonly Webhooks _webhooks;
    private readonly JsonWebTokens _keys;
    private readonly AccessGuard _guard;
    private readonly TokenRequests _tokens;
    private readonly IdentityReviews _identities;
    private readonly AccessReviews _reviews;

    public Gatekeeping(
        ObjectWriter writer,
        UserInfo administrator,
        string administratorToken,
        DevClusterOptions options,
        KeepSecret keep
    )
    {
        _keys = new JsonWebTokens(keep);
        var isEnforced = options.Rbac;
        Accounts = new ServiceAccountTokens(writer.Store, _keys, writer.Time);
        var grants = new RoleGrants(writer.Store);
        var authorizer = new RbacAuthorizer(grants);
        _permissions = isEnforced ? new Permissions(authorizer, new EscalationCheck(authorizer, grants)) : null;
        _webhooks = new Webhooks(
            new WebhookRegistry(writer.Store),
            new WebhookMatcher(writer.Store, writer.Catalog),
            new WebhookClient(_connections, options.Services)
        );
        var authenticator = new Authenticator(Accounts, administrator, administratorToken);
        _guard = new AccessGuard(authenticator, authorizer, isEnforced);
        _tokens = new TokenRequests(writer.Store, writer.Catalog, Accounts, writer.Time);
        _identities = new IdentityReviews(authenticator, writer.Time);
        _reviews = new AccessReviews(authorizer, isEnforced, writer.Time);
    }

    public ServiceAccountTokens Accounts { get; }

    /// <summary>Leaves the user and the gate for writes in the request, or refuses it.</summary>
    public void Admit(HttpContext context)
    {
        _guard.Admit(context);
        if (context.Request.Method is not ("GET" or "HEAD"))
            context.Features.Set<IWriteGate>(new WebhookGate(context, _webhooks, _permissions));
    }

    /// <summary>Answers what is about users and rights; false for everything else.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, string[] path)
    {
        switch (path)
        {
            case ["api", "v1", "namespaces", var @namespace, "serviceaccounts", var account, "token"]:
                await _tokens.AnswerAsync(context, @namespace, account);
                return true;
            case ["apis", ReviewTypes.Authentication, "v1", var review]:
                await _identities.AnswerAsync(context, review);
                return true;
            case ["apis", ReviewTypes.Authorization, "v1", var review]:
                await _reviews.AnswerAsync(context, "", review);
                return true;
            case ["apis", ReviewTypes.Authorization, "v1", "namespaces", var @namespace, var review]:
                await _reviews.AnswerAsync(context, @namespace, review);
                return true;
            case [".well-known", "openid-configuration"]:
                await Answers.WriteAsync(context, 200, Discovery(context));
                return true;
            case ["openid", "v1", "jwks"]:
                await Answers.WriteAsync(context, 200, _keys.KeySet().ToUtf8(), "application/jwk-set+json");
                return true;
            default:
                return false;
        }
    }

    /// <summary>The OpenID document that names the issuer and where its keys are.</summary>
    private static JsonObject Discovery(HttpContext context) =>
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
        _keys.Dispose();
    }
}
