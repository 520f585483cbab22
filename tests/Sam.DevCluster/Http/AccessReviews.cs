using System.Text.Json.Nodes;

namespace Sam.DevCluster.Http;

/// <summary>Access reviews: the only user is the administrator, who may do everything.</summary>
internal static class AccessReviews
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["selfsubjectaccessreviews"] = "SelfSubjectAccessReview",
        ["subjectaccessreviews"] = "SubjectAccessReview",
        ["localsubjectaccessreviews"] = "LocalSubjectAccessReview",
        ["selfsubjectrulesreviews"] = "SelfSubjectRulesReview",
        ["selfsubjectreviews"] = "SelfSubjectReview",
    };

    public static async Task AnswerAsync(HttpContext context, string[] path)
    {
        if (!Kinds.TryGetValue(path[^1], out var kind))
            throw Failures.NoResource();
        if (context.Request.Method != "POST")
            throw Failures.MethodNotAllowed();
        var bytes = await RequestBody.ReadAsync(context);
        var review =
            RequestBody.Parse(bytes, context.Request.ContentType ?? "", null) as JsonObject
            ?? throw Failures.BadRequest("the body is no object");
        review["kind"] = kind;
        review["apiVersion"] = $"{(kind == "SelfSubjectReview" ? "authentication" : "authorization")}.k8s.io/v1";
        review["metadata"] ??= new JsonObject();
        review["status"] = kind switch
        {
            "SelfSubjectReview" => new JsonObject
            {
                ["userInfo"] = new JsonObject
                {
                    ["username"] = "admin",
                    ["groups"] = new JsonArray("system:masters", "system:authenticated"),
                },
            },
            "SelfSubjectRulesReview" => new JsonObject
            {
                ["resourceRules"] = new JsonArray(
                    new JsonObject
                    {
                        ["verbs"] = new JsonArray("*"),
                        ["apiGroups"] = new JsonArray("*"),
                        ["resources"] = new JsonArray("*"),
                    }
                ),
                ["nonResourceRules"] = new JsonArray(
                    new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }
                ),
                ["incomplete"] = false,
            },
            _ => new JsonObject { ["allowed"] = true },
        };
        await Answers.WriteAsync(context, 201, review);
    }
}
