using System.Text.Json.Nodes;
using k8s;
using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Steps;

/// <summary>Writes what a run changed in the status: nothing if nothing changed, else one patch guarded by resourceVersion.</summary>
/// <param name="entity">The run's working copy; gets the new resourceVersion.</param>
/// <param name="client">The way to the server.</param>
internal sealed class StatusWriter<TEntity>(TEntity entity, IResourceClient<TEntity> client)
    where TEntity : IConditionedResource
{
    private JsonObject _written = ToJson(entity.ConditionedStatus);

    /// <summary>Whether a write would write something.</summary>
    public bool HasChanges => MergeDiff.Between(_written, ToJson(entity.ConditionedStatus)) is not null;

    /// <summary>Writes the difference; a conflict throws.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var current = ToJson(entity.ConditionedStatus);
        if (MergeDiff.Between(_written, current) is not { } status)
            return;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = entity.Metadata.ResourceVersion },
            ["status"] = status,
        };
        var written = await client.MergePatchAsync(
            entity.Metadata.NamespaceProperty ?? "",
            entity.Metadata.Name,
            patch.ToJsonString(),
            "status",
            cancellationToken
        );
        entity.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
        _written = current;
    }

    private static JsonObject ToJson(ConditionedStatus status) => JsonNode.Parse(KubernetesJson.Serialize(status))!.AsObject();
}
