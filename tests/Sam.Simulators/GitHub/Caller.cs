namespace Sam.Simulators.GitHub;

/// <summary>Who a call comes from.</summary>
internal abstract record Caller(string LimitKey, int Limit)
{
    /// <summary>Nobody: the world may read what is public.</summary>
    public sealed record Anonymous() : Caller("anonymous", 60);

    /// <summary>An App that proved itself with a JWT.</summary>
    public sealed record OfApp(SimulatedApp App, int Hourly) : Caller($"app {App.Id}", Hourly);

    /// <summary>A holder of an installation token.</summary>
    public sealed record OfToken(SimulatedMint Mint, SimulatedInstallation Installation, int Hourly)
        : Caller($"installation {Installation.Id}", Hourly);

    /// <summary>A person with a personal access token.</summary>
    public sealed record OfPerson(SimulatedPerson Person, int Hourly) : Caller($"person {Person.Login}", Hourly);

    /// <summary>The App behind the call.</summary>
    public SimulatedApp? AppBehind =>
        this switch
        {
            OfApp app => app.App,
            OfToken token => token.Installation.App,
            _ => null,
        };

    /// <summary>Whether the repository exists for the caller at all.</summary>
    public bool Sees(SimulatedRepository repository) => !repository.Private || Owns(repository);

    /// <summary>Whether the caller may do this in the repository.</summary>
    public bool May(SimulatedRepository repository, string permission, Level level) =>
        Owns(repository)
            ? this is not OfToken token || Levels.Grants(token.Mint.Permissions, permission, level)
            : !repository.Private && level == Level.Read;

    private bool Owns(SimulatedRepository repository) =>
        this switch
        {
            OfToken token => token.Installation.Reaches(repository)
                && (token.Mint.RepositoryIds?.Contains(repository.Id) ?? true),
            OfPerson person => person.Person.Owns(repository),
            _ => false,
        };
}

/// <summary>How much a permission allows.</summary>
internal enum Level
{
    /// <summary>Look.</summary>
    Read = 1,

    /// <summary>Change.</summary>
    Write = 2,

    /// <summary>Everything.</summary>
    Admin = 3,
}

/// <summary>Levels as GitHub spells them.</summary>
internal static class Levels
{
    public static Level? Parse(string? text) =>
        text switch
        {
            "read" => Level.Read,
            "write" => Level.Write,
            "admin" => Level.Admin,
            _ => null,
        };

    public static bool Grants(IReadOnlyDictionary<string, string> granted, string permission, Level level) =>
        permission == "metadata" && level == Level.Read
        || granted.TryGetValue(permission, out var text) && Parse(text) is { } has && has >= level;
}
