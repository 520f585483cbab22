namespace Sam.Simulators.GitHub;

/// <summary>One App on one account: which repositories it may touch and what it was granted.</summary>
public sealed class SimulatedInstallation
{
    private readonly GitHubWorld _world;
    private readonly HashSet<long>? _selected;

    internal SimulatedInstallation(GitHubWorld world, long id, SimulatedApp app, string account, IEnumerable<long>? selected)
    {
        (_world, Id, App, Account) = (world, id, app, account);
        _selected = selected is null ? null : [.. selected];
        (Permissions, CreatedAt) = (app.Permissions, world.Now);
    }

    /// <summary>Its id, above 32 bits.</summary>
    public long Id { get; }

    /// <summary>What is installed.</summary>
    public SimulatedApp App { get; }

    /// <summary>Where it is installed.</summary>
    public string Account { get; }

    /// <summary>What the account granted.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; private set; }

    /// <summary>Since when it is suspended, if it is.</summary>
    public DateTimeOffset? SuspendedAt { get; private set; }

    internal DateTimeOffset CreatedAt { get; }

    internal bool IsForAll => _selected is null;

    /// <summary>Grants exactly this, or what the App asks now.</summary>
    public void Grant(IReadOnlyDictionary<string, string>? permissions = null) =>
        Change("installation", "new_permissions_accepted", () => Permissions = permissions ?? App.Permissions);

    /// <summary>Adds a repository to the selected ones.</summary>
    public void Add(SimulatedRepository repository) =>
        _world.Changed(
            this,
            "installation_repositories",
            "added",
            () =>
            {
                _selected?.Add(repository.Id);
                return [repository];
            }
        );

    /// <summary>Takes a repository out of the selected ones.</summary>
    public void Remove(SimulatedRepository repository) =>
        _world.Changed(
            this,
            "installation_repositories",
            "removed",
            () =>
            {
                if (_selected is null)
                {
                    throw new InvalidOperationException("The installation is for all repositories: none can be taken out.");
                }
                _selected.Remove(repository.Id);
                return [repository];
            }
        );

    /// <summary>Suspends it: its tokens and its mints are refused.</summary>
    public void Suspend() => Change("installation", "suspend", () => SuspendedAt = _world.Now);

    /// <summary>Ends the suspension.</summary>
    public void Unsuspend() => Change("installation", "unsuspend", () => SuspendedAt = null);

    /// <summary>Takes the App off the account; its tokens end.</summary>
    public void Uninstall() =>
        Change(
            "installation",
            "deleted",
            () =>
            {
                _world.Installations.Remove(Id);
                _world.RevokeAll(mint => mint.InstallationId == Id, "uninstalled");
            }
        );

    internal bool Reaches(SimulatedRepository repository) =>
        !repository.IsDeleted
        && string.Equals(repository.Owner, Account, StringComparison.OrdinalIgnoreCase)
        && (_selected?.Contains(repository.Id) ?? true);

    private void Change(string kind, string action, Action change) =>
        _world.Changed(
            this,
            kind,
            action,
            () =>
            {
                change();
                return [];
            }
        );
}
