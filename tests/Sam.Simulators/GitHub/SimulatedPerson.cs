namespace Sam.Simulators.GitHub;

/// <summary>A person with a personal access token, as agents may hold one.</summary>
public sealed class SimulatedPerson
{
    private readonly HashSet<long> _repositories;

    internal SimulatedPerson(long id, string login, string token, IEnumerable<SimulatedRepository> repositories)
    {
        (Id, Login, Token) = (id, login, token);
        _repositories = [.. repositories.Select(repository => repository.Id)];
    }

    /// <summary>The account's id.</summary>
    public long Id { get; }

    /// <summary>The account's name.</summary>
    public string Login { get; }

    /// <summary>The personal access token.</summary>
    public string Token { get; }

    internal bool Owns(SimulatedRepository repository) => _repositories.Contains(repository.Id);
}

/// <summary>The people who exist.</summary>
public sealed class SimulatedPeople
{
    private readonly GitHubWorld _world;

    internal SimulatedPeople(GitHubWorld world) => _world = world;

    /// <summary>Adds a person who may read and write these repositories.</summary>
    public SimulatedPerson Add(string login, params IReadOnlyCollection<SimulatedRepository> repositories)
    {
        lock (_world.Lock)
        {
            var token = $"ghp_{TokenText.Letters(_world.Options.Seed, -_world.People.Count - 1, 36)}";
            var person = new SimulatedPerson(_world.NextId(), login, token, repositories);
            _world.People.Add(token, person);
            return person;
        }
    }

    /// <summary>Removes a person; the token is unknown from now on.</summary>
    public void Remove(SimulatedPerson person)
    {
        lock (_world.Lock)
        {
            _world.People.Remove(person.Token);
        }
    }
}
