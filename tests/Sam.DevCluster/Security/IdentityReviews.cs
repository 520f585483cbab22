using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Security;

/// <summary>TokenReview and SelfSubjectReview: who is it.</summary>
internal sealed class IdentityReviews(Authenticator authenticator, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, string plural)
    {
        var type = ReviewTypes.Find(ReviewTypes.Authentication, plural) ?? throw Failures.NoResource();
        if (context.Request.Method != "POST")
            throw Failures.MethodNotAllowed();
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        var review = await ReviewTypes.ReadAsync(context, type, now);
        if (type.Kind == "SelfSubjectReview")
        {
            review["metadata"] = new JsonObject { ["creationTimestamp"] = now };
            review.Remove("spec");
            review["status"] = new JsonObject { ["userInfo"] = context.User().ToJson() };
        }
        else
        {
            review["status"] = Check(review.Object("spec"));
        }
        await Answers.WriteAsync(context, 201, review);
    }

    private JsonObject Check(JsonObject? spec)
    {
        if (spec.Text("token") is not { Length: > 0 } token)
            throw Failures.BadRequest("token is required for TokenReview in authentication");
        var asked = spec.Child("audiences").Strings().ToList();
        if (authenticator.Check(token, asked.Count == 0 ? [ServiceAccountTokens.Issuer] : asked) is not var (user, audiences))
            return new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
        return new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = user.ToJson(),
            ["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode?)audience)]),
        };
    }
}
