using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Controllers;

/// <summary>
/// One run over one key: a private copy from the cache, then
/// <code>
///   deleting, our finalizer there  -> FinalizeAsync; nothing left -> finalizer removed
///   deleting, our finalizer gone   -> nothing to do
///   finalizer wanted and missing   -> added, before any effect it would have to take back
///   else                           -> ReconcileAsync
/// </code>
/// </summary>
internal sealed class EntityReconciler<TEntity>(
    IEntityController<TEntity> controller,
    string? finalizerName,
    IResourceStore<TEntity> store,
    IResourceClient<TEntity> client
)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly IEntityFinalizer<TEntity>? _finalizer = finalizerName is null
        ? null
        : controller as IEntityFinalizer<TEntity>;

    /// <summary>Runs; null if there is nothing to do. A lost race is read again and runs again soon.</summary>
    public async Task<ReconciliationResult<TEntity>?> RunAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (store.Get(key.Namespace, key.Name) is not { } cached)
            return null;
        var entity = Copy.Of(cached);
        try
        {
            return await DispatchAsync(entity, cancellationToken);
        }
        catch (KubernetesApiException fault) when (fault.IsConflict)
        {
            await client.GetAsync(key.Namespace, key.Name, cancellationToken);
            return ReconciliationResult<TEntity>.Success(entity, StepRunner.ConflictRetry);
        }
    }

    private async Task<ReconciliationResult<TEntity>?> DispatchAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var isHeld = _finalizer is not null && entity.Metadata.Finalizers?.Contains(finalizerName!) == true;
        if (entity.Metadata.DeletionTimestamp is not null)
            return isHeld ? await FinalizeAsync(entity, cancellationToken) : null;
        if (_finalizer is not null && !isHeld)
            entity = await WriteFinalizersAsync(entity, [.. entity.Metadata.Finalizers ?? [], finalizerName!], cancellationToken);
        return await controller.ReconcileAsync(entity, cancellationToken);
    }

    private async Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var result = await _finalizer!.FinalizeAsync(entity, cancellationToken);
        if (!result.IsSuccess || result.RequeueAfter is not null)
            return result;
        try
        {
            await WriteFinalizersAsync(
                result.Entity,
                [.. (result.Entity.Metadata.Finalizers ?? []).Where(name => name != finalizerName)],
                cancellationToken
            );
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound)
        {
            return result; // gone already, which is what we came for
        }

        return result;
    }

    // The whole list, guarded by resourceVersion: a merge patch replaces lists, and a foreign finalizer must not get lost.
    private async Task<TEntity> WriteFinalizersAsync(TEntity entity, string[] finalizers, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = entity.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))]),
            },
        };
        var @namespace = entity.Metadata.NamespaceProperty ?? "";
        return await client.MergePatchAsync(@namespace, entity.Metadata.Name, patch.ToJsonString(), null, cancellationToken);
    }
}
