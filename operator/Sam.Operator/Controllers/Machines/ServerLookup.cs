using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;

namespace Sam.Operator.Controllers.Machines;

/// <summary>Finds a Machine's server: one list per token serves all Machines; ours is only what carries our exact labels.</summary>
internal class ServerLookup(IHetznerClients clients, InstallationIdentity installation)
{
    private const int ServersPerPage = 50;

    /// <summary>The labels that every server of a Machine carries.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(Machine machine) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Names.ServerLabels.ManagedBy] = HetznerLabels.Sam,
            [Names.ServerLabels.Installation] = installation.Id,
            [Names.ServerLabels.Machine] = machine.Spec.MachineId,
            [Names.ServerLabels.Role] = machine.Spec.Role.ToString().ToLowerInvariant(),
        };

    /// <summary>How many pages the last list had; each is a call.</summary>
    public int PagesOf(HetznerToken token) =>
        1 + ((clients.SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id)).Last?.Servers.Count ?? 0) / ServersPerPage);

    /// <summary>Selects what carries a Machine's labels, of whatever kind.</summary>
    public string SelectorOf(Machine machine) =>
        $"{HetznerLabels.SelectorFor(installation.Id)},{Names.ServerLabels.Machine}={machine.Spec.MachineId}";

    /// <summary>Whether labels are exactly those of a Machine; others may stand beside them.</summary>
    public bool AreOf(Machine machine, IReadOnlyDictionary<string, string> labels) =>
        LabelsOf(machine).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The server with this Machine's labels in a list at most this old; null if there is none.</summary>
    public virtual async Task<Server?> FindAsync(
        HetznerToken token,
        Machine machine,
        TimeSpan maxAge,
        CancellationToken cancellationToken
    )
    {
        var listing = await clients
            .SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id))
            .GetAsync(maxAge, cancellationToken);
        return listing.Servers.FirstOrDefault(server => AreOf(machine, server.Labels));
    }

    /// <summary>One server by id, past the list; null = the provider says 404.</summary>
    public Task<Server?> GetAsync(HetznerToken token, long id, CancellationToken cancellationToken) =>
        clients.For(token).GetServerAsync(id, cancellationToken);

    /// <summary>Makes every later reader see a list asked for after now.</summary>
    public void Invalidate(HetznerToken token) =>
        clients.SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id)).Invalidate();
}
