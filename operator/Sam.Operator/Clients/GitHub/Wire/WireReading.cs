using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sam.Operator.Clients.GitHub.Wire;

/// <summary>Reads answers into our types; another shape than documented is a fault of its own.</summary>
internal static class WireReading
{
    public static TAnswer Read<TAnswer>(this GitHubReply reply, GitHubRequest request, JsonTypeInfo<TAnswer> type)
    {
        try
        {
            return JsonSerializer.Deserialize(reply.Body, type) ?? throw new JsonException();
        }
        catch (JsonException fault)
        {
            // Not as the inner exception: its text may repeat what could not be read, and that may be a token.
            throw new GitHubException(
                GitHubErrorKind.Malformed,
                $"GitHub's answer to {request.Method} {request.Route} has another shape than documented (at {fault.Path ?? "$"})",
                (int)reply.Status
            )
            {
                MayHaveTakenEffect = request.IsWrite,
            };
        }
    }

    public static AppInstallation ToInstallation(this WireInstallation wire) =>
        new(wire.Id, wire.AppId, wire.Account.Login ?? wire.Account.Slug ?? "", wire.Permissions, wire.SuspendedAt);

    public static GitHubRepository ToRepository(this WireRepository wire) =>
        new(wire.Id, wire.FullName, wire.DefaultBranch ?? "", wire.Private) { Archived = wire.Archived };
}
