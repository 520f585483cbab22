using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Security;

/// <summary>POST to <c>serviceaccounts/{name}/token</c>.</summary>
internal sealed class TokenRequests(ObjectStore store, ResourceCatalog catalog, ServiceAccountTokens tokens, TimeProvider time)
{
    private const long ShortestSeconds = 600;

    private const long LongestSeconds = 1L << 32;

    public async Task AnswerAsync(HttpContext context, string @namespace, string name)
    {
        if (context.Request.Method != "POST")
            throw Failures.MethodNotAllowed();
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        var request = await ReviewTypes.ReadAsync(context, ReviewTypes.TokenRequest, now, "token");
        var accounts = catalog.Find("", "v1", "serviceaccounts")!;
        var account = store.Get(accounts.Shelf, @namespace, name) ?? throw Failures.NotFound(accounts, name);
        var spec = request.Ensure("spec");
        Validate(spec);
        if (spec.Array("audiences") is not { Count: > 0 })
            spec["audiences"] = new JsonArray(ServiceAccountTokens.Issuer);
        var bound = FindBound(spec.Object("boundObjectRef"), @namespace, name);
        spec["boundObjectRef"] ??= null;
        spec.Child("expirationSeconds").TryInteger(out var seconds);
        var expires = time.GetUtcNow().AddSeconds(seconds);
        var metadata = request.Metadata();
        metadata["name"] = name;
        metadata["namespace"] = @namespace;
        metadata["uid"] = account.Uid;
        metadata["creationTimestamp"] = now;
        request["status"] = new JsonObject
        {
            ["token"] = tokens.Mint(account, spec.Child("audiences").Strings(), expires, bound),
            ["expirationTimestamp"] = expires.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        };
        await Answers.WriteAsync(context, 201, request);
    }

    private static void Validate(JsonObject spec)
    {
        const string field = "spec.expirationSeconds";
        var sent = spec.Child("expirationSeconds");
        if (!sent.TryInteger(out var seconds))
            throw Failures.BadRequest(
                "TokenRequest in version \"v1\" cannot be handled as a TokenRequest: bad expirationSeconds"
            );
        FieldError? error = seconds switch
        {
            < ShortestSeconds => FieldError.Invalid(field, sent, "may not specify a duration less than 10 minutes"),
            > LongestSeconds => FieldError.Invalid(field, sent, "may not specify a duration larger than 2^32 seconds"),
            _ => null,
        };
        if (error is not null)
            throw Failures.Invalid(ReviewTypes.Authentication, "TokenRequest", "", [error]);
    }

    private (string Kind, string Name, string Uid)? FindBound(JsonObject? reference, string @namespace, string account)
    {
        if (reference is null)
            return null;
        var kind = reference.Text("kind") ?? "";
        var plural = (reference.Text("apiVersion"), kind) switch
        {
            ("v1", "Pod" or "Secret" or "Node") => kind.ToLowerInvariant() + "s",
            _ => throw Failures.BadRequest($"cannot bind token to object of type {reference.Text("apiVersion")}, Kind={kind}"),
        };
        var type = catalog.Find("", "v1", plural)!;
        var name = reference.Text("name") ?? "";
        var found = store.Get(type.Shelf, kind == "Node" ? "" : @namespace, name) ?? throw Failures.NotFound(type, name);
        if (reference.Text("uid") is { Length: > 0 } uid && uid != found.Uid)
            throw Failures.Conflict(
                type,
                name,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated"
            );
        if (kind == "Pod" && found.Read().At("spec", "serviceAccountName").Text() is { } owner && owner != account)
            throw Failures.BadRequest(
                $"cannot bind token for serviceaccount \"{account}\" to pod running with different serviceaccount name."
            );
        return (kind, found.Name, found.Uid);
    }
}
