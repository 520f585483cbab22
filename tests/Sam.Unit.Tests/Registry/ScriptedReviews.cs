using System.Text;
using System.Text.Json.Nodes;
using Sam.Runtime.Transport;
using Sam.Testing.MemoryApi;

namespace Sam.Unit.Tests.Registry;

/// <summary>An API server's answers to reviews: which logins it knows, and what roles allow.</summary>
internal sealed class ScriptedReviews
{
    /// <summary>Password of a login: whose it is.</summary>
    public Dictionary<string, string> Logins { get; } = [];

    /// <summary>The audiences that a known login is good for; as an old server answers if there are none.</summary>
    public string[] Audiences { get; set; } = ["sam-registry"];

    /// <summary>What is allowed, as <c>USER VERB NAMESPACE/NAME</c>.</summary>
    public HashSet<string> Allowed { get; } = [];

    /// <summary>Reviews that fail, by the plural of their kind.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>How many tokens were shown to it.</summary>
    public int TokenReviews { get; private set; }

    /// <summary>Answers a review; null for any other request.</summary>
    public TransportResponse? Answer(TransportRequest request)
    {
        var plural = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        if (plural is not ("tokenreviews" or "subjectaccessreviews"))
            return null;
        if (Broken.Contains(plural))
            return MemoryCluster.Refuse(500, "InternalError");
        var review = JsonNode.Parse(request.Body!)!.AsObject();
        review["status"] = plural == "tokenreviews" ? Who(review["spec"]!) : May(review["spec"]!);
        return new TransportResponse(201, new MemoryStream(Encoding.UTF8.GetBytes(review.ToJsonString())));
    }

    private JsonObject Who(JsonNode spec)
    {
        TokenReviews++;
        if (!Logins.TryGetValue(spec["token"]!.GetValue<string>(), out var user))
            return new JsonObject { ["authenticated"] = false, ["error"] = "unknown" };
        return new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = new JsonObject { ["username"] = user, ["uid"] = "uid-1" },
            ["audiences"] = new JsonArray([.. Audiences.Select(audience => (JsonNode)audience)]),
        };
    }

    private JsonObject May(JsonNode spec)
    {
        var what = spec["resourceAttributes"]!;
        var asked = $"{spec["user"]} {what["verb"]} {what["namespace"]}/{what["name"]}";
        return new JsonObject
        {
            ["allowed"] = $"{what["group"]}/{what["resource"]}" == "sam.dev/registryrepositories" && Allowed.Contains(asked),
        };
    }
}
