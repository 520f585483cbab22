using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Unit.Tests.Tokens;

namespace Sam.Unit.Tests.Projects;

/// <summary>Entries of <c>spec.tokenSecrets</c> as a user writes them, and what is read of the Secrets.</summary>
internal static class TokenSecretEntries
{
    internal static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    internal static string Spec(params IReadOnlyList<string> entries) =>
        $$"""{"repository":{"owner":"acme","name":"shop"},"tokenSecrets":[{{string.Join(',', entries)}}]}""";

    internal static string Entry(
        string name,
        string permission = "contents",
        string permissions = "read",
        string lifetime = "1h",
        string form = "Token",
        string? repositories = null
    )
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["kind"] = "GitHubToken",
            ["permissions"] = new JsonObject { [permission] = permissions },
            ["lifetime"] = lifetime,
            ["form"] = form,
        };
        if (repositories is not null)
            entry["repositories"] = JsonNode.Parse(repositories);
        return entry.ToJsonString();
    }

    internal static string PathOf(string secret) => $"/api/v1/namespaces/{TokenWorld.Home}/secrets/{secret}";

    internal static string Text(V1Secret secret, string key) => Encoding.UTF8.GetString(secret.Data[key]);
}
