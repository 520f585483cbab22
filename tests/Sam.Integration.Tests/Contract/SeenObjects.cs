using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.Contract;

/// <summary>Remembers uids of answers that the recording leaves out, so that later requests can name them.</summary>
internal sealed class SeenObjects
{
    private readonly Dictionary<string, string> _uids = [];

    public void Learn(JsonNode? answer)
    {
        if (
            answer is JsonObject node
            && node["metadata"] is JsonObject metadata
            && metadata["name"]?.GetValue<string>() is { } name
            && metadata["uid"]?.GetValue<string>() is { } uid
        )
            _uids[name] = uid;
    }

    /// <summary>An owner reference names its owner beside the uid.</summary>
    public void Resolve(JsonNode? body, TranscriptComparison comparison)
    {
        if (body is not JsonObject node || node["metadata"] is not JsonObject metadata)
            return;
        foreach (var reference in metadata["ownerReferences"] as JsonArray ?? [])
            if (
                reference?["uid"]?.GetValue<string>() is { } placeholder
                && placeholder.StartsWith('<')
                && reference["name"]?.GetValue<string>() is { } name
                && _uids.TryGetValue(name, out var uid)
            )
                comparison.Bind(placeholder, uid);
    }
}
