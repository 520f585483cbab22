using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Everything that exists; whoever touches it holds the lock.</summary>
internal sealed partial class GitHubWorld(GitHubSimulatorOptions options)
{
    // Above 32 bits, as the real ones will be one day: a client with int ids breaks here and not in production.
    private long _lastId = 5_000_000_000;
    private long _lastAppId = 1_200_000;
    private long _lastToken;
    private string? _gitRoot;
    private readonly Dictionary<string, SimulatedRepository> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _formerNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _mintByToken = new(StringComparer.Ordinal);

    public GitHubSimulatorOptions Options { get; } = options;
    public Lock Lock { get; } = new();
    public Dictionary<long, SimulatedApp> Apps { get; } = [];
    public Dictionary<long, SimulatedInstallation> Installations { get; } = [];
    public Dictionary<long, SimulatedRepository> Repositories { get; } = [];
    public Dictionary<string, SimulatedPerson> People { get; } = new(StringComparer.Ordinal);
    public List<SimulatedMint> Mints { get; } = [];
    public List<SimulatedCall> Calls { get; } = [];

    /// <summary>Where all of this is served; the host says so once it listens.</summary>
    public Uri BaseAddress { get; set; } = options.InProcessEndpoint;

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
            _byName.Add(repository.FullName, repository);
            _formerNames.Remove(repository.FullName);
            foreach (var (path, text) in asked.Files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                repository.Story.Put(repository.DefaultBranch, path, Encoding.UTF8.GetBytes(text), $"Add {path}", Now);
            }
            return repository;
        }
    }

    public SimulatedInstallation Install(SimulatedApp app, string account, IEnumerable<SimulatedRepository>? selected)
    {
        lock (Lock)
        {
            var ids = selected?.Select(repository => repository.Id);
            var installation = new SimulatedInstallation(this, NextId(), app, account, ids);
            Installations.Add(installation.Id, installation);
            Raise(
                "installation",
                [installation],
                null,
                Told(installation, "created", Repositories.Values.Where(installation.Reaches))
            );
            return installation;
        }
    }

    public SimulatedRepository? FindRepository(string owner, string name) => _byName.GetValueOrDefault($"{owner}/{name}");

    /// <summary>The repository that once had this name, if nobody took it since.</summary>
    public SimulatedRepository? FindFormer(string owner, string name) =>
        _formerNames.TryGetValue($"{owner}/{name}", out var id) && Repositories[id] is { IsDeleted: false } found ? found : null;

    public void Move(SimulatedRepository repository, string owner, string name, string action)
    {
        lock (Lock)
        {
            if (FindRepository(owner, name) is not null)
            {
                throw new InvalidOperationException($"{owner}/{name} exists.");
            }
            var (from, told) = ((repository.Owner, repository.Name), Reaching(repository));
            _formerNames[repository.FullName] = repository.Id;
            _byName.Remove(repository.FullName);
            (repository.Owner, repository.Name) = (owner, name);
            _byName.Add(repository.FullName, repository);
            _formerNames.Remove(repository.FullName);
            Moved(repository, from, action, [.. told.Union(Reaching(repository))]);
        }
    }

    public void Delete(SimulatedRepository repository)
    {
        lock (Lock)
        {
            var told = Reaching(repository);
            repository.IsDeleted = true;
            _byName.Remove(repository.FullName);
            Raise("repository", told, repository, new JsonObject { ["action"] = "deleted" });
        }
    }

    /// <summary>The folder of bare repositories; a temporary one is made on first need.</summary>
    public string GitRoot() =>
        _gitRoot ??= Options.GitFolder ?? (OwnGitRoot = Directory.CreateTempSubdirectory("sam-github-").FullName);

    /// <summary>The temporary folder, which ends with the simulator.</summary>
    public string? OwnGitRoot { get; private set; }

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
