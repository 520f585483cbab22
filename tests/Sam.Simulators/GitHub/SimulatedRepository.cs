using System.Text;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>What a repository is made of; a member left out gets a sensible value.</summary>
public sealed record SimulatedRepositoryOptions
{
    /// <summary>Its id; null takes the next one, above 32 bits.</summary>
    public long? Id { get; init; }

    /// <summary>Whether the world may not read it.</summary>
    public bool Private { get; init; } = true;

    /// <summary>The branch a clone checks out.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>Whether a real bare repository stands behind it, which needs git and a disk; else it is kept in memory.</summary>
    public bool Git { get; init; }

    /// <summary>Files of its first commit by path; none leaves it empty.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } =
        new Dictionary<string, string> { ["README.md"] = "A simulated repository.\n" };
}

/// <summary>One repository: who it is now, whatever it was called before.</summary>
public sealed class SimulatedRepository
{
    private readonly GitHubWorld _world;

    internal SimulatedRepository(GitHubWorld world, long id, string owner, string name, SimulatedRepositoryOptions options)
    {
        GitFolder = options.Git ? Path.Combine(world.GitRoot(), $"{id}.git") : null;
        Talk = new SimulatedTalk(world, this);
        Story = new GitStory(GitFolder is null ? new MemoryObjects() : new BareObjects(GitFolder, options.DefaultBranch));
        (_world, Id, Owner, Name) = (world, id, owner, name);
        (Private, DefaultBranch, CreatedAt, PushedAt) = (options.Private, options.DefaultBranch, world.Now, world.Now);
    }

    /// <summary>Its id, which renames and transfers leave alone.</summary>
    public long Id { get; }

    /// <summary>The account it belongs to.</summary>
    public string Owner { get; internal set; }

    /// <summary>Its name under that account.</summary>
    public string Name { get; internal set; }

    /// <summary>Owner and name.</summary>
    public string FullName => $"{Owner}/{Name}";

    /// <summary>Whether the world may not read it.</summary>
    public bool Private { get; set; }

    /// <summary>Whether it is read-only for ever.</summary>
    public bool Archived { get; set; }

    /// <summary>The branch a clone checks out.</summary>
    public string DefaultBranch { get; set; }

    /// <summary>Whether it was deleted.</summary>
    public bool IsDeleted { get; internal set; }

    /// <summary>Where its bare repository is, if a real one stands behind it.</summary>
    public string? GitFolder { get; }

    /// <summary>Its issues and pull requests.</summary>
    public SimulatedTalk Talk { get; }

    internal GitStory Story { get; }

    internal List<JsonObject> Checks { get; } = [];

    internal List<(string Sha, JsonObject Status)> Statuses { get; } = [];

    internal DateTimeOffset CreatedAt { get; }

    internal DateTimeOffset PushedAt { get; set; }

    /// <summary>Commits a file on a branch, as if somebody had pushed it; null removes it. The id of the commit.</summary>
    public string Write(string branch, string path, string? text, string message = "Change")
    {
        lock (_world.Lock)
        {
            var before = Refs();
            var content = text is null ? null : Encoding.UTF8.GetBytes(text);
            var commit = Story.Put(branch, path, content, message, _world.Now);
            _world.Pushed(this, before);
            return commit.Sha;
        }
    }

    /// <summary>Where a branch stands; null if there is none.</summary>
    public string? Head(string branch)
    {
        lock (_world.Lock)
        {
            return Story.Branch(branch);
        }
    }

    internal Dictionary<string, string> Refs() => new(Story.Objects.Refs(), StringComparer.Ordinal);

    /// <summary>Renames it; the old name redirects until another repository takes it.</summary>
    public void Rename(string name) => _world.Move(this, Owner, name, "renamed");

    /// <summary>Gives it to another account; installations of the old one lose it.</summary>
    public void Transfer(string owner) => _world.Move(this, owner, Name, "transferred");

    /// <summary>Deletes it; its name is free.</summary>
    public void Delete() => _world.Delete(this);
}

/// <summary>The repositories that exist.</summary>
public sealed class SimulatedRepositories
{
    private readonly GitHubWorld _world;

    internal SimulatedRepositories(GitHubWorld world) => _world = world;

    /// <summary>Makes a repository.</summary>
    public SimulatedRepository Add(string owner, string name, SimulatedRepositoryOptions? options = null) =>
        _world.AddRepository(owner, name, options ?? new SimulatedRepositoryOptions());

    /// <summary>The repository that has this name now, if one has.</summary>
    public SimulatedRepository? Find(string owner, string name)
    {
        lock (_world.Lock)
        {
            return _world.FindRepository(owner, name);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SimulatedRepository> All()
    {
        lock (_world.Lock)
        {
            return [.. _world.Repositories.Values.Where(repository => !repository.IsDeleted)];
        }
    }
}
