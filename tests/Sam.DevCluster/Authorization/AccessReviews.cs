using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Authorization;

/// <summary>The reviews of <c>authorization.k8s.io</c>: what may somebody do.</summary>
internal sealed class AccessReviews(RbacAuthorizer authorizer, bool isEnforced, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, string @namespace, string plural)
    {
        var type = ReviewTypes.Find(ReviewTypes.Authorization, plural);
        if (type is null || type.Namespaced != @namespace.Length > 0)
            throw Failures.NoResource();
        if (context.Request.Method != "POST")
            throw Failures.MethodNotAllowed();
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        var review = await ReviewTypes.ReadAsync(context, type, now);
        var spec = review.Ensure("spec");
        if (type.Kind == "SelfSubjectRulesReview")
        {
            review["status"] = Rules(context.User(), spec.Text("namespace"));
            review["metadata"] = new JsonObject();
            review["spec"] = new JsonObject();
        }
        else
        {
            var isSelf = type.Kind == "SelfSubjectAccessReview";
            Validate(spec, isSelf);
            if (@namespace.Length > 0)
                CheckNamespace(review, spec, @namespace);
            review["status"] = Decide(isSelf ? context.User() : UserOf(spec), spec);
        }
        await Answers.WriteAsync(context, 201, review);
    }

    private static void Validate(JsonObject spec, bool isSelf)
    {
        var errors = new List<FieldError>();
        if ((spec.Object("resourceAttributes") is null) == (spec.Object("nonResourceAttributes") is null))
            errors.Add(
                FieldError.InvalidRaw(
                    "spec.resourceAttributes",
                    spec.Object("resourceAttributes") is null ? "null" : spec.Object("resourceAttributes")!.ToText(),
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"
                )
            );
        if (!isSelf && string.IsNullOrEmpty(spec.Text("user")) && spec.Array("groups") is not { Count: > 0 })
            errors.Add(FieldError.InvalidRaw("spec.user", "\"\"", "at least one of user or group must be specified"));
        if (errors.Count > 0)
            throw Unnamed(errors);
    }

    // The real server names no kind here.
    private static StatusException Unnamed(List<FieldError> errors)
    {
        var fault = Failures.Invalid(ReviewTypes.Authorization, "", "", errors);
        fault.Details?.Remove("kind");
        return fault;
    }

    private static void CheckNamespace(JsonObject review, JsonObject spec, string @namespace)
    {
        review.Metadata()["namespace"] = @namespace;
        if ((spec.At("resourceAttributes", "namespace").Text() ?? "") == @namespace)
            return;
        throw spec.Object("resourceAttributes") is null
            ? Unnamed([FieldError.InvalidRaw("spec.nonResourceAttributes", "{}", "disallowed on this kind of request")])
            : Failures.BadRequest("spec.resourceAttributes.namespace must match namespace: " + @namespace);
    }

    private JsonObject Decide(UserInfo user, JsonObject spec)
    {
        var decision = isEnforced ? authorizer.Decide(user, Read(spec)) : new Decision(true, "");
        var status = new JsonObject { ["allowed"] = decision.IsAllowed };
        if (decision.Reason.Length > 0)
            status["reason"] = decision.Reason;
        return status;
    }

    private static AccessRequest Read(JsonObject spec)
    {
        if (spec.Object("nonResourceAttributes") is { } path)
            return new AccessRequest(path.Text("verb") ?? "") { Path = path.Text("path") ?? "" };
        var asked = spec.Object("resourceAttributes");
        return new AccessRequest(asked.Text("verb") ?? "")
        {
            Group = asked.Text("group") ?? "",
            Version = asked.Text("version") ?? "",
            Resource = asked.Text("resource") ?? "",
            Subresource = asked.Text("subresource") ?? "",
            Namespace = asked.Text("namespace") ?? "",
            Name = asked.Text("name") ?? "",
        };
    }

    private static UserInfo UserOf(JsonObject spec) =>
        new(
            spec.Text("user") ?? "",
            spec.Text("uid") ?? "",
            [.. spec.Child("groups").Strings()],
            new Dictionary<string, IReadOnlyList<string>>()
        );

    private JsonObject Rules(UserInfo user, string? @namespace)
    {
        if (string.IsNullOrEmpty(@namespace))
            throw Failures.BadRequest("no namespace on request");
        var (rules, problems) = isEnforced
            ? authorizer.RulesFor(user, @namespace)
            : (PolicyRule.FullAuthority, (IReadOnlyList<string>)[]);
        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(rule => rule.Urls.Count == 0).Select(rule => rule.ToJson())]),
            ["nonResourceRules"] = new JsonArray([
                .. rules
                    .Where(rule => rule.Urls.Count > 0)
                    .OrderBy(rule => rule.Urls[0], StringComparer.Ordinal)
                    .Select(rule => rule.ToJson()),
            ]),
            ["incomplete"] = problems.Count > 0,
        };
        if (problems.Count > 0)
            status["evaluationError"] = string.Join(", ", problems);
        return status;
    }
}
