using System.Text.RegularExpressions;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>One resource scope of the Distribution token protocol: <c>type[(class)]:name:action[,action]</c>.</summary>
/// <param name="Type">Such as <c>repository</c>.</param>
/// <param name="Class">Such as <c>plugin</c>; null for none.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Actions">What is asked for, in the order asked, each once.</param>
internal sealed partial record Scope(string Type, string? Class, string Name, IReadOnlyList<string> Actions)
{
    private const int Longest = 512;

    /// <summary>Reads scopes separated by single spaces; null if one is none.</summary>
    public static IReadOnlyList<Scope>? ParseList(string text)
    {
        var scopes = text.Split(' ').Select(Parse).ToList();
        return scopes.Contains(null) ? null : [.. scopes.OfType<Scope>()];
    }

    /// <summary>Reads one scope by the grammar of the specification; null if it is none.</summary>
    public static Scope? Parse(string text)
    {
        if (text.Length > Longest || Grammar().Match(text) is not { Success: true } match)
            return null;
        var actions = match.Groups["actions"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return new Scope(
            match.Groups["type"].Value,
            match.Groups["class"] is { Success: true, Value: var kind } ? kind : null,
            match.Groups["name"].Value,
            actions
        );
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}{(Class is null ? "" : $"({Class})")}:{Name}:{string.Join(',', Actions)}";

    // The name may begin with a host and a port, so that it may hold a colon itself. An action may be empty by the grammar; "*" is what registries ask for.
    [GeneratedRegex(
        """
            ^(?<type>[a-z0-9]+)(\((?<class>[a-z0-9]+)\))?
            :(?<name>([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*(:[0-9]+)?/)?
              [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)
            :(?<actions>(\*|[a-z]*)(,(\*|[a-z]*))*)\z
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking
    )]
    private static partial Regex Grammar();
}
