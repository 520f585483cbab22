namespace Sam.Simulators.GitHub;

/// <summary>Everything that exists; whoever touches it holds the lock.</summary>
internal sealed class GitHubWorld(GitHubSimulatorOptions options)
{
    // Above 32 bits, as the real ones will be one day: a client with int ids breaks here and not in production.
    private long _lastId = 5_000_000_000;
    private long _lastAppId = 1_200_000;
    private long _lastToken;
    private readonly Dictionary<string, long> _formerNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _mintByToken = new(StringComparer.Ordinal);

    public GitHubSimulatorOptions Options { get; } = options;
    public Lock Lock { get; } = new();
    public Dictionary<long, SimulatedApp> Apps { get; } = [];
    public Dictionary<long, SimulatedInstallation> Installations { get; } = [];
    public Dictionary<long, SimulatedRepository> Repositories { get; } = [];
    public List<SimulatedMint> Mints { get; } = [];
    public List<SimulatedCall> Calls { get; } = [];
    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();

    public long NextId() => _lastId += 10;

    public long NextAppId() => ++_lastAppId;

    public IEnumerable<SimulatedInstallation> InstallationsOf(SimulatedApp app) =>
        Installations.Values.Where(installation => installation.App == app);

    public SimulatedRepository AddRepository(string owner, string name, SimulatedRepositoryOptions asked)
    {
        lock (Lock)
        {
            if (FindRepository(owner, name) is not null)
            {
                throw new InvalidOperationException($"{owner}/{name} exists.");
            }
            var repository = new SimulatedRepository(this, asked.Id ?? NextId(), owner, name, asked);
            Repositories.Add(repository.Id, repository);
            _formerNames.Remove(repository.FullName);
            return repository;
        }
    }

    public SimulatedInstallation Install(SimulatedApp app, string account, IEnumerable<SimulatedRepository>? selected)
    {
        lock (Lock)
        {
            var ids = selected?.Select(repository => repository.Id);
            var installation = new SimulatedInstallation(this, NextId(), app, account, ids);
            return Installations[installation.Id] = installation;
        }
    }

    public SimulatedRepository? FindRepository(string owner, string name) =>
        Repositories.Values.FirstOrDefault(repository =>
            !repository.IsDeleted
            && string.Equals(repository.Owner, owner, StringComparison.OrdinalIgnoreCase)
            && string.Equals(repository.Name, name, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The repository that once had this name, if nobody took it since.</summary>
    public SimulatedRepository? FindFormer(string owner, string name) =>
        _formerNames.TryGetValue($"{owner}/{name}", out var id) && Repositories[id] is { IsDeleted: false } found ? found : null;

    public void Move(SimulatedRepository repository, string owner, string name, string action)
    {
        lock (Lock)
        {
            _formerNames[repository.FullName] = repository.Id;
            (repository.Owner, repository.Name) = (owner, name);
            _formerNames.Remove(repository.FullName);
            _ = action;
        }
    }

    public void Delete(SimulatedRepository repository)
    {
        lock (Lock)
        {
            repository.IsDeleted = true;
        }
    }

    public void Changed(
        SimulatedInstallation installation,
        string kind,
        string action,
        Func<IReadOnlyList<SimulatedRepository>> change
    )
    {
        lock (Lock)
        {
            change();
            _ = (installation, kind, action);
        }
    }

    public string NextToken() => TokenText.Make(Options.Seed, ++_lastToken);

    public void Keep(SimulatedMint mint)
    {
        _mintByToken.Add(mint.Token, Mints.Count);
        Mints.Add(mint);
    }

    public SimulatedMint? FindMint(string token) => _mintByToken.TryGetValue(token, out var index) ? Mints[index] : null;

    public void Revoke(string token, string by)
    {
        if (_mintByToken.TryGetValue(token, out var index) && Mints[index].IsLiveAt(Now))
        {
            Mints[index] = Mints[index] with { RevokedAt = Now, RevokedBy = by };
        }
    }

    public void RevokeAll(Func<SimulatedMint, bool> which, string by)
    {
        foreach (var mint in Mints.Where(which).ToList())
        {
            Revoke(mint.Token, by);
        }
    }
}
