namespace Sam.Cli;

/// <summary>The name of a Compose project (https://docs.docker.com/compose/how-tos/project-name/): lower case letters, digits, hyphens and underscores.</summary>
internal static class ProjectName
{
    /// <summary>COMPOSE_PROJECT_NAME, or the folder's name; a `name` in the file wins over both.</summary>
    public static string Of(IReadOnlyDictionary<string, string> variables, string directory) =>
        variables.TryGetValue("COMPOSE_PROJECT_NAME", out var given) && given.Length > 0
            ? given
            : Normal(Path.GetFileName(directory.TrimEnd('/')));

    private static string Normal(string name) =>
        string.Concat(
                name.ToLowerInvariant()
                    .Where(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol is '-' or '_')
            )
            .TrimStart('-', '_');
}
