namespace Sam.Rules.Policy;

/// <summary>The most that a token may do, by GitHub's names of permissions; what is not named is not allowed.</summary>
/// <param name="Levels">Level (read, write, admin) by permission.</param>
public sealed record PermissionCeiling(IReadOnlyDictionary<string, string> Levels)
{
    private static readonly string[] Order = ["none", "read", "write", "admin"];

    /// <summary>What is allowed where no file says otherwise: the daily work on a repository, but not its workflows, settings, hooks or secrets.</summary>
    public static readonly PermissionCeiling Default = new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["metadata"] = "read",
            ["contents"] = "write",
            ["pull_requests"] = "write",
            ["issues"] = "write",
            ["checks"] = "write",
            ["statuses"] = "write",
            ["deployments"] = "write",
            ["packages"] = "write",
            ["actions"] = "read",
        }
    );

    /// <summary>What of the asked-for permissions is above the ceiling, such as <c>workflows: write</c>, in order.</summary>
    public IReadOnlyList<string> Exceeded(IReadOnlyDictionary<string, string> permissions) =>
        [
            .. permissions
                .Where(asked => Rank(asked.Value) > Rank(Levels.GetValueOrDefault(asked.Key, "none")))
                .Select(asked => $"{asked.Key}: {asked.Value}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether a word is a level.</summary>
    public static bool IsLevel(string word) => Order.Contains(word, StringComparer.Ordinal);

    // A level that nobody knows is above everything: fail closed.
    private static int Rank(string level) => Array.IndexOf(Order, level) is var rank and >= 0 ? rank : int.MaxValue;
}
