using System.Text.Json.Nodes;
using k8s;
using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Steps;

/// <summary>Writes what a run changed in the status: nothing if nothing changed, else one patch guarded by resourceVersion.</summary>
/// <param name="entity">The run's working copy; gets the new resourceVersion.</param>
/// <param name="client">The way to the server.</param>
/// <param name="budget">How often words alone are worth a write.</param>
internal sealed class StatusWriter<TEntity>(TEntity entity, IResourceClient<TEntity> client, WordingBudget budget)
    where TEntity : IConditionedResource
{
    private JsonObject _written = ToJson(entity.ConditionedStatus);

    /// <summary>Whether a write would write something.</summary>
    public bool HasChanges => MergeDiff.Between(_written, ToJson(entity.ConditionedStatus)) is not null;

    /// <summary>Writes the difference at the end of a run; words alone may have to wait, and then it says how long. A conflict throws.</summary>
    public async Task<TimeSpan?> ConcludeAsync(CancellationToken cancellationToken)
    {
        var current = ToJson(entity.ConditionedStatus);
        if (!JsonNode.DeepEquals(_written, current) && StatusEssence.AreEqual(_written, current) && Spend() is { } wait)
            return wait;
        await WriteAsync(cancellationToken);
        return null;
    }

    /// <summary>Writes the difference now; a conflict throws.</summary>
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

    private TimeSpan? Spend() =>
        budget.Spend(entity.Metadata.Uid ?? $"{entity.Metadata.NamespaceProperty}/{entity.Metadata.Name}");

    private static JsonObject ToJson(ConditionedStatus status) => JsonNode.Parse(KubernetesJson.Serialize(status))!.AsObject();
}
