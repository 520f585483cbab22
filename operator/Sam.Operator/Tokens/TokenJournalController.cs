using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;

namespace Sam.Operator.Tokens;

/// <summary>
/// Watches the journals: whoever has no living owner ends, as soon as the owner goes and at every start, after a crash too; of the others what is due.
/// </summary>
[Rbac<V1Secret>("list", "watch")]
[Rbac<Project>("get", "list", "watch")]
internal sealed class TokenJournalController(TokenJournal journal, TokenOwners owners, TokenBroker broker)
    : IEntityController<MetadataOf<V1Secret>>
{
    public async Task<ReconciliationResult<MetadataOf<V1Secret>>> ReconcileAsync(
        MetadataOf<V1Secret> entity,
        CancellationToken cancellationToken
    )
    {
        if (journal.OwnerOf(entity) is not { } owner)
            return ReconciliationResult<MetadataOf<V1Secret>>.Success(entity);
        if (owners.Find(owner) is not null)
            return ReconciliationResult<MetadataOf<V1Secret>>.Success(entity, await broker.TidyAsync(owner, cancellationToken));
        await broker.EndAsync(owner, cancellationToken);
        return ReconciliationResult<MetadataOf<V1Secret>>.Success(entity);
    }
}
