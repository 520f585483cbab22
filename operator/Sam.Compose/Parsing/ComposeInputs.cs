using System.Collections.Immutable;

namespace Sam.Compose.Parsing;

/// <summary>What a Compose file may refer to beside itself.</summary>
public sealed record ComposeInputs
{
    /// <summary>Variables for `${NAME}`.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Content of a file by the path the Compose file writes; null where there is none. Only `env_file` reads it.</summary>
    public Func<string, string?> File { get; init; } = _ => null;

    /// <summary>Profiles that are asked for; `*` asks for all.</summary>
    public ImmutableArray<string> Profiles { get; init; } = [];
}
