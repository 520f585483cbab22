using System.Threading.Channels;
using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>Runs the cluster's own controllers one change at a time, behind the writes.</summary>
internal sealed class ControllerLoop(
    ObjectStore store,
    DefinitionController definitions,
    NamespaceController namespaces,
    GarbageCollector garbage,
    ServiceAccountController accounts,
    RoleAggregation roles,
    Aggregator aggregator
)
{
    private readonly Channel<(string Shelf, StoreEvent Change)> _changes = Channel.CreateUnbounded<(string, StoreEvent)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts, and looks at everything that an earlier process left as if it were new.</summary>
    public void Start(IReadOnlyList<(string Shelf, StoredObject Stored)> left)
    {
        foreach (var (_, stored) in left.Where(pair => pair.Shelf == definitions.Shelf))
            definitions.Restore(stored);
        foreach (var (shelf, stored) in left)
            _changes.Writer.TryWrite((shelf, new StoreEvent(ChangeKind.Added, stored, null)));
        store.Changed = (shelf, change) =>
        {
            // Definitions are served before their create is answered: clients may use them at once.
            if (shelf == definitions.Shelf && !change.Object.IsDeleting)
                definitions.Handle(change);
            _changes.Writer.TryWrite((shelf, change));
        };
        Completion = Task.Run(RunAsync);
    }

    public Task StopAsync()
    {
        _changes.Writer.TryComplete();
        return Completion;
    }

    private async Task RunAsync()
    {
        await foreach (var (shelf, change) in _changes.Reader.ReadAllAsync())
        {
            if (shelf == definitions.Shelf && change.Object.IsDeleting)
                definitions.Handle(change);
            else if (shelf == "namespaces")
                namespaces.Handle(change);
            if (shelf == RoleGrants.ClusterRoleShelf)
                roles.Handle();
            accounts.Handle(shelf, change);
            aggregator.Handle(shelf, change);
            garbage.Handle(shelf, change);
            if (change.Kind != ChangeKind.Deleted)
                continue;
            definitions.Recheck(shelf);
            if (change.Object.Namespace.Length > 0)
                namespaces.Recheck(change.Object.Namespace);
        }
    }
}
