namespace Sam.Simulators.GitHub;

/// <summary>Who may call a route.</summary>
internal enum Door
{
    /// <summary>An App with its JWT.</summary>
    App,

    /// <summary>A holder of an installation token.</summary>
    Token,

    /// <summary>Anybody who is somebody.</summary>
    Known,

    /// <summary>Everybody.</summary>
    Anybody,
}

/// <summary>One route: its pattern, its door, and the permission it needs in the repository of its path.</summary>
internal sealed record Route(string Method, string Pattern, Door Door, Func<GitHubCall, Answer> Endpoint)
{
    private readonly string[] _segments = Pattern.Trim('/').Split('/');

    /// <summary>What the caller needs in the repository; without one the route has no repository.</summary>
    public string? Permission { get; init; }

    /// <summary>How much of it.</summary>
    public Level Level { get; init; } = Level.Read;

    /// <summary>Literal segments before placeholders, so that `/a/b` beats `/a/{x}`.</summary>
    public int Weight { get; } =
        Pattern
            .Split('/')
            .Sum(segment =>
                segment.Contains('*') ? -1
                : segment.Contains('{') ? 0
                : 1
            );

    /// <summary>The values of the path's placeholders, if it fits; `{*name}` takes the rest.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        Dictionary<string, string> values = [];
        for (var i = 0; i < _segments.Length; i++)
        {
            var segment = _segments[i];
            if (i >= path.Length)
            {
                return null;
            }
            if (segment.StartsWith("{*", StringComparison.Ordinal))
            {
                values[segment[2..^1]] = string.Join('/', path.Skip(i));
                return values;
            }
            if (segment.StartsWith('{'))
            {
                values[segment[1..^1]] = path[i];
            }
            else if (segment != path[i])
            {
                return null;
            }
        }
        return path.Length == _segments.Length ? values : null;
    }
}
