using Sam.DevCluster.Authorization;
using Sam.DevCluster.Http;

namespace Sam.DevCluster.Security;

/// <summary>The way into the API: who are you, as whom do you act, may you.</summary>
internal sealed class AccessGuard(Authenticator authenticator, RbacAuthorizer authorizer, bool isEnforced)
{
    private readonly Impersonation _impersonation = new(authorizer);

    /// <summary>Leaves the user in the request, or refuses it.</summary>
    public void Admit(HttpContext context)
    {
        var sender = authenticator.Identify(context);
        // Without roles, nobody but the anonymous can be told apart.
        if (!isEnforced && ReferenceEquals(sender, UserInfo.Anonymous))
            throw Failures.Unauthorized();
        try
        {
            var user = _impersonation.Apply(context, sender);
            context.Features.Set(user);
            if (!isEnforced || user.IsMaster)
                return;
            var asked = AccessRequest.Read(context.Request);
            var decision = authorizer.Decide(user, asked);
            if (!decision.IsAllowed)
                throw Denials.Forbidden(user, asked, decision.Reason);
        }
        catch (StatusException)
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            throw;
        }
    }
}
